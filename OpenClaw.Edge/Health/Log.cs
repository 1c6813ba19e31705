namespace OpenClaw.Edge.Health;

internal static partial class Log
{
    [LoggerMessage(200, LogLevel.Information, "Stopping: not ready any more, serving for another {Delay}.")]
    public static partial void Draining(ILogger logger, TimeSpan delay);
}
