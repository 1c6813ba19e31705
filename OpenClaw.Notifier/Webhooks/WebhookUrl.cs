namespace OpenClaw.Notifier.Webhooks;

/// <summary>Parses and validates URLs of webhooks.</summary>
internal static class WebhookUrl
{
    private const int MaxLength = 2_048;

    /// <summary>Parses a URL.</summary>
    /// <param name="text">The text.</param>
    /// <param name="allowHttp">Whether it may be <c>http</c>.</param>
    /// <param name="error">The rest of a sentence that says what the URL must be; null when it is valid.</param>
    /// <returns>The URL; null when it is invalid.</returns>
    public static Uri? TryRead(string text, bool allowHttp, out string? error)
    {
        error = null;
        if (text.Length > MaxLength || !Uri.TryCreate(text, UriKind.Absolute, out Uri? address) || address.Host.Length == 0)
        {
            error = $"must be an absolute https address of at most {MaxLength} characters";
        }
        else if (address.Scheme != Uri.UriSchemeHttps && !(allowHttp && address.Scheme == Uri.UriSchemeHttp))
        {
            error = allowHttp ? "must begin with https or http" : "must begin with https; Webhooks:AllowHttp allows http too";
        }
        else if (address.UserInfo.Length > 0)
        {
            error = "must not contain a user or password";
        }
        else
        {
            return address;
        }

        return null;
    }
}
