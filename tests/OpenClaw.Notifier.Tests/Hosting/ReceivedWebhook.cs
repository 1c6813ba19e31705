using Microsoft.AspNetCore.Http;
using StandardWebhooks;

namespace OpenClaw.Notifier.Tests.Hosting;

/// <summary>A request that a receiver got.</summary>
internal sealed record ReceivedWebhook(string Path, HeaderDictionary Headers, string Body, long At)
{
    /// <summary>Throws when the signature is not valid under the secret.</summary>
    public void Verify(string secret) => new StandardWebhook(secret).Verify(Body, Headers);

    public string Id => Headers["webhook-id"].ToString();
}
