using System.Diagnostics;
using System.Text.Json;
using OpenClaw.EdgeBench.Servers;

namespace OpenClaw.EdgeBench.Load;

/// <summary>Runs wrk with the script <c>bench/load/rating.lua</c>: 64 connections, <c>POST /rating</c>.</summary>
internal sealed class Wrk(string script)
{
    private const int Connections = 64;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <param name="url">Where the edge listens.</param>
    /// <param name="clients">How many clients take turns.</param>
    /// <param name="addresses">From how many addresses they come.</param>
    /// <param name="seconds">How long.</param>
    /// <exception cref="InvalidOperationException">wrk failed; the message has its output.</exception>
    public async Task<WrkResult> RunAsync(Uri url, int clients, int addresses, int seconds, CancellationToken cancellationToken)
    {
        string[] arguments = ["-t2", $"-c{Connections}", $"-d{seconds}s", "-s", script, url.ToString(), "--", $"{clients}", $"{addresses}"];
        using Process wrk = Process.Start(
            new ProcessStartInfo("wrk", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        try
        {
            Task<string> output = wrk.StandardOutput.ReadToEndAsync(cancellationToken);
            Task<string> errors = wrk.StandardError.ReadToEndAsync(cancellationToken);
            TimeSpan cpuTime = TimeSpan.Zero;
            while (!output.IsCompleted)
            {
                // The counter is gone with the process: the last look before its end is short of the truth by one interval at most.
                TimeSpan seen = ProcessTree.CpuTime(wrk.Id);
                cpuTime = seen > cpuTime ? seen : cpuTime;
                await Task.WhenAny(output, Task.Delay(50, cancellationToken));
                cancellationToken.ThrowIfCancellationRequested();
            }

            string text = await output;
            string? last = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault();
            if (last is not ['{', ..] || JsonSerializer.Deserialize<WrkResult>(last, Json) is not { } result)
            {
                throw new InvalidOperationException($"wrk gave no result for {url}:{Environment.NewLine}{text}{await errors}");
            }

            return result with { CpuTime = cpuTime };
        }
        finally
        {
            if (!wrk.HasExited)
            {
                wrk.Kill();
            }
        }
    }
}
