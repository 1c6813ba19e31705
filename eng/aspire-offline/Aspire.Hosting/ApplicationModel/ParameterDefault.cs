namespace Aspire.Hosting.ApplicationModel;

/// <summary>Where the value of a parameter comes from that configuration does not give.</summary>
public abstract class ParameterDefault
{
    /// <summary>Makes the value.</summary>
    public abstract string GetDefaultValue();
}
