using OpenClaw.Edge.Configuration;
using OpenClaw.Edge.Policies;

namespace OpenClaw.Edge.Rules;

/// <summary>Parses the setting <c>PartitionBy</c>.</summary>
internal static class PartitionParser
{
    private const string HeaderPrefix = "header:";

    /// <summary>Null when something was added to <paramref name="errors"/>.</summary>
    public static (PartitionKind Kind, string? Header)? Parse(string text, string path, List<string> errors)
    {
        if (text.StartsWith(HeaderPrefix, StringComparison.OrdinalIgnoreCase))
        {
            string header = text[HeaderPrefix.Length..];
            if (HttpToken.IsValid(header))
            {
                return (PartitionKind.Header, header);
            }

            errors.Add($"{path} is '{text}'; after 'header:' it must have the name of a header.");
            return null;
        }

        switch (text.ToLowerInvariant())
        {
            case "client":
                return (PartitionKind.Client, null);
            case "address":
                return (PartitionKind.Address, null);
            case "route":
                return (PartitionKind.Route, null);
            case "global":
                return (PartitionKind.Global, null);
            default:
                errors.Add($"{path} is '{text}'; it must be client, address, route, global or header:Name.");
                return null;
        }
    }
}
