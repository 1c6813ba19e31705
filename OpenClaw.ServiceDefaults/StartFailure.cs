using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace OpenClaw.ServiceDefaults;

/// <summary>Describes why a service did not start.</summary>
internal static class StartFailure
{
    /// <summary>Lists the errors that its operator can fix, one sentence each. Empty for a bug, for which the stack trace is
    /// logged.</summary>
    public static IReadOnlyList<string> ReasonsOf(Exception exception) => exception switch
    {
        OptionsValidationException options => [.. options.Failures],
        AggregateException errors when errors.InnerExceptions.All(error => error is OptionsValidationException) =>
            [.. errors.InnerExceptions.SelectMany(ReasonsOf).Distinct()],
        // A setting of a wrong type; the message names the setting and the type.
        InvalidOperationException { InnerException: FormatException or ArgumentException or OverflowException } => [exception.Message],
        // A settings file that cannot be read; the message names the file and the place.
        InvalidDataException => [$"{exception.Message} {exception.GetBaseException().Message}"],
        // All errors of YARP's routes and clusters.
        InvalidOperationException { InnerException: AggregateException errors } =>
            [.. errors.InnerExceptions.Select(error => error.Message)],
        // An address that is invalid or in use; the message names it, unless it is not an address of this machine.
        FormatException or IOException => [exception.Message],
        SocketException =>
            [$"Nothing can listen where ASPNETCORE_URLS, ASPNETCORE_HTTP_PORTS or Kestrel:Endpoints say: {exception.Message}."],
        _ => [],
    };
}
