namespace Aspire.Hosting.Bundle;

/// <summary>The programs of an Aspire release that are no .NET library.</summary>
/// <param name="DcpPath">The orchestrator's executable.</param>
/// <param name="DashboardPath">The executable that is the dashboard when its first argument is <c>dashboard</c>.</param>
internal sealed record AspireBundle(string DcpPath, string DashboardPath)
{
    /// <summary>The bundle in a folder, or null when the folder has none.</summary>
    public static AspireBundle? In(string folder)
    {
        var suffix = OperatingSystem.IsWindows() ? ".exe" : string.Empty;
        var bundle = new AspireBundle(Path.Combine(folder, "dcp", "dcp" + suffix), Path.Combine(folder, "managed", "aspire-managed" + suffix));
        return File.Exists(bundle.DcpPath) && File.Exists(bundle.DashboardPath) ? bundle : null;
    }
}
