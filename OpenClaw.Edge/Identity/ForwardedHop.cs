using System.Net;

namespace OpenClaw.Edge.Identity;

/// <summary>An entry of a forwarding header.</summary>
/// <param name="Text">The entry's original text.</param>
/// <param name="Address">Its address.</param>
internal sealed record ForwardedHop(string Text, IPAddress Address)
{
    /// <summary>A parameter of an entry of <c>Forwarded</c>, unquoted; null when there is none, or two, or it has escapes.</summary>
    /// <param name="name">Its name with the equals sign, such as <c>proto=</c>.</param>
    public string? ParameterOf(string name) =>
        ForwardedForParser.TryTakeParameter(Text, name, out ReadOnlySpan<char> value) && !value.Contains('\\') ? value.ToString() : null;
}
