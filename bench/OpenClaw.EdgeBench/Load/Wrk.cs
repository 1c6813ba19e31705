using System.Diagnostics;
using System.Text.Json;
using OpenClaw.EdgeBench.Servers;

namespace OpenClaw.EdgeBench.Load;

/// <summary>Runs wrk with the script <c>bench/load/rating.lua</c>: 64 connections, <c>POST /rating</c>.</summary>
internal sealed class Wrk(string script)
{
    private const int Connections = 64;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <param name="url">Address of the edge.</param>
    /// <param name="clients">Number of clients, used in turn.</param>
    /// <param name="addresses">Number of their addresses.</param>
    /// <param name="seconds">Duration.</param>
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
                // The counter ends with the process: the last value read is at most one interval old.
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
