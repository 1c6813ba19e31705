using System.Diagnostics;

namespace OpenClaw.AppHost.Tests;

/// <summary>The processes that have a text in their environment, read from Linux's /proc.</summary>
internal sealed class StackProcesses(string marker)
{
    public int Count => Folders().Count();

    /// <summary>Kills the process that runs a program, and no other, with SIGKILL.</summary>
    public void KillOne(string program)
    {
        // The SDK's own `dotnet run`, where a project is started through it, is not the program.
        var folder = Folders().First(folder => Arguments(folder) is var arguments
            && arguments.Any(argument => argument.Contains(program, StringComparison.Ordinal)) && !arguments.Contains("run"));
        using var process = Process.GetProcessById(int.Parse(Path.GetFileName(folder), System.Globalization.CultureInfo.InvariantCulture));
        process.Kill();
    }

    private IEnumerable<string> Folders() => Directory.EnumerateDirectories("/proc").Where(folder =>
        char.IsAsciiDigit(Path.GetFileName(folder)[0]) && Read(folder, "environ").Contains(marker, StringComparison.Ordinal));

    private static string[] Arguments(string folder) => Read(folder, "cmdline").Split('\0');

    private static string Read(string folder, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, file));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The process has ended, or belongs to another user.
            return string.Empty;
        }
    }
}
