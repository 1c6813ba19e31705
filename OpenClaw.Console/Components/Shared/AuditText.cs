using System.Globalization;

namespace OpenClaw.Console.Components.Shared;

/// <summary>Formats entries of the audit trail.</summary>
internal static class AuditText
{
    private const string Duration = "for ";

    /// <summary>Amount or duration of a change. The edge records a duration as <c>for 02:00:00</c>; it is shown as
    /// <c>for 2 h</c>.</summary>
    public static string? Detail(string? detail) =>
        detail is not null && detail.StartsWith(Duration, StringComparison.Ordinal)
            && TimeSpan.TryParseExact(detail[Duration.Length..], "c", CultureInfo.InvariantCulture, out TimeSpan duration)
                ? Duration + Format.Duration(duration)
                : detail;
}
