using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace OpenClaw.ServiceDefaults;

/// <summary>Tells what its operator can mend of a service that does not start from what its authors must.</summary>
internal static class StartFailure
{
    /// <summary>One sentence for everything that is wrong; none when the exception is a defect, of which the stack trace tells more.</summary>
    public static IReadOnlyList<string> ReasonsOf(Exception exception) => exception switch
    {
        OptionsValidationException options => [.. options.Failures],
        AggregateException errors when errors.InnerExceptions.All(error => error is OptionsValidationException) =>
            [.. errors.InnerExceptions.SelectMany(ReasonsOf)],
        // A setting's text that its type cannot have: which setting, and the type.
        InvalidOperationException { InnerException: FormatException or ArgumentException or OverflowException } => [exception.Message],
        // A settings file: which one, and where in it.
        InvalidDataException => [$"{exception.Message} {exception.GetBaseException().Message}"],
        // YARP's routes and clusters, all that is wrong with them.
        InvalidOperationException { InnerException: AggregateException errors } => [.. errors.InnerExceptions.Select(error => error.Message)],
        // An address to listen on that is none, is in use, or is not this machine's. Only the last is said without the address.
        FormatException or IOException => [exception.Message],
        SocketException => [$"Nothing can listen where ASPNETCORE_URLS, ASPNETCORE_HTTP_PORTS or Kestrel:Endpoints say: {exception.Message}."],
        _ => [],
    };
}
