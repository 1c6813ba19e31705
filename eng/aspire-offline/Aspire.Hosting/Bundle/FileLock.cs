namespace Aspire.Hosting.Bundle;

/// <summary>Lets one process at a time go on. It is the file's handle that locks, so a process that is killed leaves nothing locked.</summary>
internal static class FileLock
{
    /// <exception cref="IOException">The file cannot be opened, and not because somebody else has the lock.</exception>
    public static async Task<FileStream> TakeAsync(string path, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException error) when (IsTaken(error))
            {
                await Task.Delay(100, cancellationToken);
            }
        }
    }

    // The system's own number: Windows's sharing violation, and what Linux and macOS say when it would have to wait.
    private static bool IsTaken(IOException error) => error.HResult is unchecked((int)0x80070020) or 11 or 35;
}
