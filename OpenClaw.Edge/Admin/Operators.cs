using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using OpenClaw.Edge.Options;
using OpenClaw.Edge.Telemetry;

namespace OpenClaw.Edge.Admin;

/// <summary>Reads the operator and the reason of an admin request.</summary>
internal sealed class Operators(IOptions<EdgeOptions> options)
{
    /// <summary>Name of the operator when no header names one.</summary>
    public const string Unnamed = "admin key";

    /// <summary>Longest reason, in characters.</summary>
    public const int MaxReasonLength = 200;

    private const int MaxNameLength = 128;

    private readonly string _header = options.Value.Admin.OperatorHeader;

    /// <summary>Name of the operator. Requests without the admin key have been refused before, so the sender of the header has the
    /// key.</summary>
    public string NameOf(HttpRequest request)
    {
        if (_header.Length == 0 || !request.Headers.TryGetValue(_header, out StringValues values) || values is not [{ } name])
        {
            return Unnamed;
        }

        name = PlainText.Clean(name, MaxNameLength);
        return name.Length == 0 ? Unnamed : name;
    }

    /// <summary>Why a reason cannot be used; null when it can.</summary>
    public static string? ErrorOf(string? reason) => reason?.Length > MaxReasonLength
        ? $"reason has {reason.Length} characters; it may have {MaxReasonLength}."
        : null;

    /// <summary>The reason as stored; null when it is empty.</summary>
    public static string? Clean(string? reason) =>
        reason is not null && PlainText.Clean(reason, MaxReasonLength) is { Length: > 0 } clean ? clean : null;
}
