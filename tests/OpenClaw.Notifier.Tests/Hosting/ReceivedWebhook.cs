using Microsoft.AspNetCore.Http;

namespace OpenClaw.Notifier.Tests.Hosting;

/// <summary>A request that a receiver got.</summary>
internal sealed record ReceivedWebhook(string Path, HeaderDictionary Headers, string Body, long At)
{
    public string Id => Headers["webhook-id"].ToString();
}
