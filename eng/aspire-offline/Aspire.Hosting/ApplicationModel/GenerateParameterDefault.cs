namespace Aspire.Hosting.ApplicationModel;

/// <summary>A random value.</summary>
public sealed class GenerateParameterDefault : ParameterDefault
{
    /// <summary>The number of characters, at least. Default: 0, which stands for 22 (128 bits of letters and digits).</summary>
    public int MinLength { get; set; }

    /// <summary>Whether the value has punctuation too. Default: true.</summary>
    public bool Special { get; set; } = true;

    /// <inheritdoc />
    public override string GetDefaultValue()
    {
        const string LettersAndDigits = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ0123456789";
        return RandomNumberGenerator.GetString(Special ? LettersAndDigits + "-_.{}~()*+!" : LettersAndDigits, MinLength == 0 ? 22 : MinLength);
    }
}
