using System.Net;
using Garnet.server;
using Garnet.server.Auth.Settings;

namespace OpenClaw.DevRedis.Hosting;

/// <summary>Garnet settings that the limiter's Lua scripts require.</summary>
internal static class GarnetSettings
{
    /// <summary>A script that runs longer is stopped, because it blocks all other clients.</summary>
    private static readonly TimeSpan ScriptTimeout = TimeSpan.FromSeconds(5);

    public static GarnetServerOptions From(DevRedisOptions options) => new()
    {
        EndPoints = [new IPEndPoint(IPAddress.Parse(options.Bind), options.Port)],
        AuthSettings = string.IsNullOrEmpty(options.Password) ? null : new AclAuthenticationPasswordSettings(null, options.Password),
        EnableLua = true,
        LuaOptions = new LuaOptions(LuaMemoryManagementMode.Native, "", ScriptTimeout, LuaLoggingMode.Silent, []),
        // Makes scripts atomic.
        LuaTransactionMode = true,
        LogMemorySize = $"{options.MaxMemoryMegabytes}m",
        PageSize = "1m",
        IndexMemorySize = "16m",
        QuietMode = true,
    };
}
