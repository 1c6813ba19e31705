namespace OpenClaw.AppHost.Tests;

/// <summary>A shell script in place of docker and podman. It sets an environment variable, so tests that use it belong to the collection of
/// tests that start a graph.</summary>
internal sealed class PretendedRuntime : IDisposable
{
    private const string Variable = "ASPIRE_CONTAINER_RUNTIME";

    public PretendedRuntime(string commands)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The pretended container runtime is a shell script.");
        File.WriteAllText(Path, $"#!/bin/sh\n{commands}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        Environment.SetEnvironmentVariable(Variable, Path);
    }

    public string Path { get; } = System.IO.Path.GetTempFileName();

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(Variable, null);
        File.Delete(Path);
    }
}
