using MimeKit;
using OpenClaw.Notifier.Dispatching;

namespace OpenClaw.Notifier.Email;

/// <summary>Writes mails into a folder, for runs without an SMTP server. Keeps the newest <see cref="MaxMails"/>.</summary>
internal sealed class FolderTransport(string folder) : IMailTransport
{
    /// <summary>Largest number of mails in the folder.</summary>
    public const int MaxMails = 1_000;

    private const string Extension = ".eml";

    /// <summary>Full path of the folder.</summary>
    public string Folder { get; } = Path.GetFullPath(folder);

    public async Task<DeliveryResult> SendAsync(MimeMessage mail, CancellationToken cancellationToken)
    {
        // A repeated mail has the same name and replaces the first.
        string name = $"{mail.Date.UtcDateTime:yyyyMMdd-HHmmss-fff}-{mail.MessageId!.Split('@')[0]}";
        string unfinished = Path.Combine(Folder, $".{name}-{Guid.NewGuid():N}.tmp");
        try
        {
            CreateFolder();
            await mail.WriteToAsync(unfinished, cancellationToken);
            File.Move(unfinished, Path.Combine(Folder, name + Extension), overwrite: true);
            RemoveOldest();
            return DeliveryResult.Delivered;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return DeliveryResult.Failed($"the mail cannot be written into {Folder}: {exception.GetType().Name}");
        }
        finally
        {
            Delete(unfinished);
        }
    }

    // Mails contain personal data: readable by the owner only.
    private void CreateFolder()
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(Folder);
        }
        else
        {
            Directory.CreateDirectory(Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private void RemoveOldest()
    {
        string[] mails = Directory.GetFiles(Folder, $"*{Extension}");
        foreach (string mail in mails.Order(StringComparer.Ordinal).Take(mails.Length - MaxMails))
        {
            Delete(mail);
        }
    }

    private static void Delete(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Another replica has already deleted it.
        }
    }
}
