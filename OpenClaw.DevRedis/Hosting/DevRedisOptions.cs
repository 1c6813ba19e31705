using System.Globalization;
using System.Net;

namespace OpenClaw.DevRedis.Hosting;

/// <summary>Address, memory and kind of the server. Configuration section <see cref="Section"/>.</summary>
internal sealed class DevRedisOptions
{
    public const string Section = "Redis";

    private readonly List<string> _errors = [];

    /// <summary>TCP port, 1 to 65535. Default 6379.</summary>
    public int Port { get; private set; } = 6379;

    /// <summary>The address to listen on. Default 127.0.0.1: this is a development server.</summary>
    public string Bind { get; private set; } = IPAddress.Loopback.ToString();

    /// <summary>Password for AUTH. Null or empty (default): none.</summary>
    public string? Password { get; private set; }

    /// <summary>Memory for keys and values, in MiB, 16 to 65536. New entries replace the oldest ones. Default 256.</summary>
    public int MaxMemoryMegabytes { get; private set; } = 256;

    /// <summary>Kind of server: <c>Auto</c> (default), <c>Installed</c> or <c>Garnet</c>.</summary>
    public ServerKind Server { get; private set; }

    /// <summary>All errors, each with the setting and the valid values; empty if there are none.</summary>
    public IReadOnlyList<string> Errors => _errors;

    /// <summary>Reads the settings. The binder would throw for a text that is not a number; here it is an error like the others.</summary>
    public void Read(IConfiguration section)
    {
        Port = Number(section, nameof(Port), Port, 1, 65535);
        Password = section[nameof(Password)];
        MaxMemoryMegabytes = Number(section, nameof(MaxMemoryMegabytes), MaxMemoryMegabytes, 16, 65536);
        Bind = section[nameof(Bind)] ?? Bind;
        if (section[nameof(Server)] is { Length: > 0 } server)
        {
            Server = Enum.GetValues<ServerKind>().FirstOrDefault(
                kind => kind.ToString().Equals(server, StringComparison.OrdinalIgnoreCase), (ServerKind)(-1));
            if (!Enum.IsDefined(Server))
            {
                _errors.Add(
                    $"{Section}:{nameof(Server)} is \"{server}\"; it must be one of {string.Join(", ", Enum.GetNames<ServerKind>())}.");
            }
        }

        if (Server == ServerKind.Installed && InstalledRedis.Find() is null)
        {
            _errors.Add($"{Section}:{nameof(Server)} is Installed; neither redis-server nor valkey-server is on the PATH.");
        }

        if (!IPAddress.TryParse(Bind, out _))
        {
            _errors.Add($"{Section}:{nameof(Bind)} is \"{Bind}\"; it must be an IP address, for example 127.0.0.1.");
        }
    }

    private int Number(IConfiguration section, string name, int otherwise, int least, int most)
    {
        string? text = section[name];
        if (string.IsNullOrEmpty(text))
        {
            return otherwise;
        }

        if (int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most)
        {
            return number;
        }

        _errors.Add($"{Section}:{name} is {text}; it must be {least} to {most}.");
        return otherwise;
    }
}
