using System.Diagnostics;

namespace OpenClaw.EdgeBench.ColdStarts;

/// <summary>The edge as <c>dotnet publish</c> leaves it for an image.</summary>
/// <param name="Name">Name in the report.</param>
/// <param name="Folder">Its folder.</param>
internal sealed record PublishedEdge(string Name, string Folder)
{
    /// <summary>Size of the folder in bytes.</summary>
    public long Size { get; } = new DirectoryInfo(Folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    /// <param name="name">Name in the report.</param>
    /// <param name="parent">Folder of all published edges.</param>
    /// <param name="isReadyToRun">Whether it is compiled ahead of time.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="InvalidOperationException">It cannot be published; the message has the output.</exception>
    public static async Task<PublishedEdge> PublishAsync(string name, string parent, bool isReadyToRun, CancellationToken cancellationToken)
    {
        Console.Error.WriteLine($"publishing: {name}");
        string folder = Path.Combine(parent, isReadyToRun ? "ready-to-run" : "il");
        string[] arguments =
        [
            "publish", Path.Combine(Repository.Root, "OpenClaw.Edge"), "-c", "Release", "-v", "q", "--nologo", "-o", folder,
            $"-p:PublishReadyToRun={(isReadyToRun ? "true" : "false")}", "-p:RunAnalyzers=false",
        ];
        using Process publish = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true })!;
        string output = await publish.StandardOutput.ReadToEndAsync(cancellationToken);
        await publish.WaitForExitAsync(cancellationToken);
        return publish.ExitCode == 0
            ? new PublishedEdge(name, folder)
            : throw new InvalidOperationException($"dotnet {string.Join(' ', arguments)} failed:{Environment.NewLine}{output}");
    }
}
