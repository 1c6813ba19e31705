using System.Diagnostics;
using System.Runtime.InteropServices;

namespace OpenClaw.EdgeBench;

/// <summary>Describes the machine.</summary>
internal static class Machine
{
    /// <exception cref="InvalidOperationException">Not Linux, or commands are missing; the message says how to get them.</exception>
    public static void Require(params string[] commands)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new InvalidOperationException("Processor times are read from /proc: this runs on Linux only.");
        }

        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        string[] missing = [.. commands.Where(command => !folders.Any(folder => File.Exists(Path.Combine(folder, command))))];
        if (missing.Length > 0)
        {
            throw new InvalidOperationException(
                $"Missing: {string.Join(", ", missing)}. On Debian: apt-get install {string.Join(' ', missing)}");
        }
    }

    /// <summary>Processor, cores, kernel and versions in one line.</summary>
    public static string Describe()
    {
        string model = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
            ?.Split(':', 2)[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
        string redis = FirstLineOf("redis-server", "--version").Split(' ').FirstOrDefault(
            word => word.StartsWith("v=", StringComparison.Ordinal)) ?? "";
        return $"{model}, {Environment.ProcessorCount} cores, Linux {Environment.OSVersion.Version}, "
            + $"{RuntimeInformation.FrameworkDescription}, Redis {redis.Replace("v=", "")}";
    }

    private static string FirstLineOf(string command, string argument)
    {
        using Process process = Process.Start(new ProcessStartInfo(command, argument) { RedirectStandardOutput = true })!;
        string line = process.StandardOutput.ReadLine() ?? "";
        process.WaitForExit();
        return line;
    }
}
