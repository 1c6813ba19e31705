using System.Net;

namespace OpenClaw.DevRedis.Hosting;

/// <summary>Where the server listens and how much it may keep. Configuration section <see cref="Section"/>.</summary>
internal sealed class DevRedisOptions
{
    public const string Section = "Redis";

    /// <summary>TCP port, 1 to 65535. Default 6379.</summary>
    public int Port { get; set; } = 6379;

    /// <summary>The address to listen on. Default 127.0.0.1: this is a development server.</summary>
    public string Bind { get; set; } = IPAddress.Loopback.ToString();

    /// <summary>What clients must send with AUTH. Default null or empty: none.</summary>
    public string? Password { get; set; }

    /// <summary>Memory for keys and values, in MiB, 16 to 65536. The oldest entries make room for new ones. Default 256.</summary>
    public int MaxMemoryMegabytes { get; set; } = 256;

    /// <summary>Every error, each naming its setting and what would be right; empty when all is well.</summary>
    public IEnumerable<string> Validate()
    {
        if (Port is < 1 or > 65535)
        {
            yield return $"{Section}:{nameof(Port)} is {Port}; it must be 1 to 65535.";
        }

        if (!IPAddress.TryParse(Bind, out _))
        {
            yield return $"{Section}:{nameof(Bind)} is \"{Bind}\"; it must be an IP address, for example 127.0.0.1.";
        }

        if (MaxMemoryMegabytes is < 16 or > 65536)
        {
            yield return $"{Section}:{nameof(MaxMemoryMegabytes)} is {MaxMemoryMegabytes}; it must be 16 to 65536.";
        }
    }
}
