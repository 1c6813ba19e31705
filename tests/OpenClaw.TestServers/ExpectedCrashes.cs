using System.Runtime.ExceptionServices;

namespace OpenClaw.TestServers;

/// <summary>Keeps this process alive when a test makes code on a pool thread throw. The runtime rethrows there what a hostile
/// synchronization context throws, and would end the process.</summary>
public static class ExpectedCrashes
{
    private static readonly Lock Gate = new();
    private static readonly List<string> Messages = [];

    /// <summary>Ignores unhandled exceptions whose text has this message, for the rest of the process.</summary>
    public static void Ignore(string message)
    {
        lock (Gate)
        {
            if (Messages.Count == 0)
            {
                ExceptionHandling.SetUnhandledExceptionHandler(IsExpected);
            }

            Messages.Add(message);
        }
    }

    private static bool IsExpected(Exception exception)
    {
        lock (Gate)
        {
            return Messages.Exists(exception.ToString().Contains);
        }
    }
}
