using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace OpenClaw.Docs.Tests;

/// <summary>The reader's terminal: one bash process, so each block can use the functions and variables of earlier blocks.</summary>
internal sealed class Shell : IDisposable
{
    private const string End = "--- end of the block, exit code";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private readonly Process _bash;
    private readonly StringBuilder _errors = new();

    public Shell()
    {
        ProcessStartInfo info = new("bash", ["--noprofile", "--norc"])
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // dotnet commands find what is built already.
            Environment = { ["Configuration"] = Repository.Configuration },
        };
        _bash = Process.Start(info)!;
        _bash.ErrorDataReceived += (_, line) =>
        {
            lock (_errors)
            {
                _errors.AppendLine(line.Data);
            }
        };
        _bash.BeginErrorReadLine();
    }

    /// <summary>What the blocks have written to standard error so far.</summary>
    public string Errors
    {
        get
        {
            lock (_errors)
            {
                return _errors.ToString();
            }
        }
    }

    /// <summary>Runs a block to its end.</summary>
    /// <returns>Its exit code and standard output.</returns>
    public async Task<(int ExitCode, string Output)> RunAsync(string commands)
    {
        await _bash.StandardInput.WriteAsync($"{commands}\nprintf '\\n%s %s\\n' '{End}' $?\n");
        await _bash.StandardInput.FlushAsync();
        using CancellationTokenSource deadline = new(Patience);
        StringBuilder output = new();
        while (await _bash.StandardOutput.ReadLineAsync(deadline.Token) is { } line)
        {
            if (line.StartsWith(End, StringComparison.Ordinal))
            {
                return (int.Parse(line.AsSpan(End.Length), CultureInfo.InvariantCulture), output.ToString());
            }

            output.Append(line).Append('\n');
        }

        throw new InvalidOperationException($"bash ended within:\n{commands}\n{Errors}");
    }

    public void Dispose()
    {
        if (!_bash.HasExited)
        {
            _bash.Kill(entireProcessTree: true);
        }

        _bash.Dispose();
    }
}
