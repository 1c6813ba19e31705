using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using OpenClaw.Notifier.Options;

namespace OpenClaw.Notifier.Webhooks;

/// <summary>Secrets of webhooks. Each receiver has its own, derived from a master key and the receiver's name, so that none is
/// stored.</summary>
internal sealed class WebhookSecrets(IOptions<NotifierOptions> options)
{
    private readonly byte[][] _keys = [.. options.Value.Webhooks.SigningKeys.Select(Encoding.UTF8.GetBytes)];

    /// <summary>Number of master keys.</summary>
    public int Count => _keys.Length;

    /// <summary>A receiver's secret of 32 bytes.</summary>
    /// <param name="name">Such as <c>client/acme</c> or <c>operator/oncall</c>.</param>
    /// <param name="key">Number of the master key; 0 is the newest.</param>
    public byte[] Of(string name, int key = 0) => HMACSHA256.HashData(_keys[key], Encoding.UTF8.GetBytes(name));

    /// <summary>The same in the format of Standard Webhooks: <c>whsec_</c> and Base64.</summary>
    public string TextOf(string name, int key = 0) => $"whsec_{Convert.ToBase64String(Of(name, key))}";
}
