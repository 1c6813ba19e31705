namespace Aspire.Offline.Tests.Choice;

/// <summary>What a package source of a clone is like.</summary>
public enum PackageSource
{
    /// <summary>It answers, and has nothing.</summary>
    Empty,

    /// <summary>It has the Aspire packages.</summary>
    WithAspire,

    /// <summary>It does not answer: the machine has no network.</summary>
    Unreachable,
}
