using System.Net;
using Garnet.server;

namespace OpenClaw.TestServers;

/// <summary>Garnet in this process, on a free loopback port: a second implementation of the protocol, with Lua 5.4 in place of
/// 5.1.</summary>
public sealed class GarnetServer : IDisposable
{
    private readonly Garnet.GarnetServer _server;

    private GarnetServer(Garnet.GarnetServer server, int port)
    {
        _server = server;
        Port = port;
    }

    /// <summary>The port on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>A StackExchange.Redis configuration string.</summary>
    public string ConnectionString => $"127.0.0.1:{Port}";

    /// <summary>Starts a server; it answers when this returns.</summary>
    public static GarnetServer Start()
    {
        int port = LoopbackPort.Free();
        Garnet.GarnetServer server = new(new GarnetServerOptions
        {
            EndPoints = [new IPEndPoint(IPAddress.Loopback, port)],
            QuietMode = true,
            EnableLua = true,
            LuaOptions = new LuaOptions(LuaMemoryManagementMode.Native, "", TimeSpan.FromSeconds(5), LuaLoggingMode.Silent, []),

            // Without it scripts are not atomic.
            LuaTransactionMode = true,
            LogMemorySize = "128m",
            IndexMemorySize = "16m",
        });
        server.Start();
        return new GarnetServer(server, port);
    }

    /// <inheritdoc/>
    public void Dispose() => _server.Dispose();
}
