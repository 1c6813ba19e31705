using OpenClaw.ServiceDefaults.Telemetry;

namespace OpenClaw.Console.SignIn;

/// <summary>Log messages of sign-in.</summary>
internal static partial class Log
{
    [LoggerMessage(602, LogLevel.Information, "{Operator} signed in from {Address}.")]
    public static partial void SignedIn(ILogger logger, LogText @operator, System.Net.IPAddress? address);

    [LoggerMessage(603, LogLevel.Warning, "A sign-in from {Address} was refused: {Reason}.")]
    public static partial void SignInRefused(ILogger logger, System.Net.IPAddress? address, LogText reason);
}
