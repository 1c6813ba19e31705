using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using OpenClaw.TestServers;

namespace OpenClaw.Docs.Tests;

/// <summary>The whole stack, as the tutorial's first command starts it, on the ports that the documents name.</summary>
public sealed class RunningStack : IAsyncLifetime
{
    private static readonly Uri Edge = new("http://localhost:8080");
    private static readonly Uri Admin = new("http://localhost:8081");
    private static readonly string LocalSettings = Repository.Path("OpenClaw.Edge", "appsettings.Local.json");

    private readonly DirectoryInfo _mails = Directory.CreateTempSubdirectory("openclaw-docs-mail-");
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(20) };
    private Process? _process;
    private volatile string _log = "";

    public async ValueTask InitializeAsync()
    {
        Requires.Commands("bash", "curl", "setsid", "xargs");
        Assert.False(
            File.Exists(LocalSettings), $"Move {LocalSettings} away: the tutorial writes that file, and yours changes its answers.");
        string command = Step.Read("docs/tutorial.md").Single(step => step.StartsTheStack).Commands;

        // In a process group of its own, to be stopped as Ctrl+C stops it.
        ProcessStartInfo info = new("setsid", ["bash", "-c", command])
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["Configuration"] = Repository.Configuration,
                ["OpenClaw__Redis"] = "embedded",
                ["OpenClaw__Notifier__Email__Folder"] = _mails.FullName,
            },
        };
        _process = Process.Start(info)!;
        _process.OutputDataReceived += Log;
        _process.ErrorDataReceived += Log;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await Poll.UntilAsync("the stack is ready", IsReadyAsync, TimeSpan.FromMinutes(4));
    }

    /// <summary>Fills the buckets of all clients that the documents use.</summary>
    public async Task ResetClientsAsync()
    {
        foreach (string client in (string[])["test", "me"])
        {
            using HttpRequestMessage request = new(HttpMethod.Post, new Uri(Admin, "/buckets/reset"));
            request.Content = JsonContent.Create(new { client });
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "a-key-of-32-characters-or-more-for-the-tutorial");
            using HttpResponseMessage response = await _http.SendAsync(request);
        }
    }

    public async ValueTask DisposeAsync()
    {
        File.Delete(LocalSettings);
        _http.Dispose();
        if (_process is null)
        {
            _mails.Delete(recursive: true);
            return;
        }

        if (!_process.HasExited)
        {
            using Process interrupt = Process.Start("kill", ["-INT", "--", $"-{_process.Id}"]);
            using CancellationTokenSource deadline = new(TimeSpan.FromSeconds(60));
            try
            {
                await _process.WaitForExitAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
            }
        }

        _process.Dispose();
        _mails.Delete(recursive: true);
    }

    private void Log(object sender, DataReceivedEventArgs line) => _log += line.Data + Environment.NewLine;

    private async Task<bool> IsReadyAsync()
    {
        Assert.False(_process!.HasExited, $"The stack has ended:\n{_log}");
        using HttpResponseMessage response = await _http.GetAsync(new Uri(Edge, "/ratings/nobody"));
        return (int)response.StatusCode < 500;
    }
}
