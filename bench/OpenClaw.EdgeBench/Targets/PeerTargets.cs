using OpenClaw.EdgeBench.Servers;

namespace OpenClaw.EdgeBench.Targets;

/// <summary>Other implementations, from <c>bench/peers</c>.</summary>
internal static class PeerTargets
{
    private const string LuaModule = "/usr/lib/nginx/modules/ngx_http_lua_module.so";
    private const string LuaRedis = "/usr/share/lua/5.1/nginx/redis.lua";

    public static Target NginxUnlimited { get; } = Nginx("nginx without a policy", null);

    public static Target NginxAllowing { get; } = Nginx("nginx + Lua, allowing", Limits.Allow);

    public static Target NginxDenying { get; } = Nginx("nginx + Lua, denying", Limits.Deny);

    public static Target FlexibleAllowing { get; } = Flexible("rate-limiter-flexible, allowing", Limits.Allow);

    public static Target FlexibleDenying { get; } = Flexible("rate-limiter-flexible, denying", Limits.Deny);

    /// <summary>One process, as the article runs it.</summary>
    public static Target SeedAllowing { get; } = Seed("article's Node sample, allowing", Limits.Allow);

    public static Target SeedDenying { get; } = Seed("article's Node sample, denying", Limits.Deny);

    private static Target Nginx(string name, Limits? limits)
    {
        string? missing = File.Exists(LuaModule) && File.Exists(LuaRedis)
            ? null : "apt-get install nginx-light libnginx-mod-http-lua lua-nginx-redis";
        return new Target(name, missing, async (backEnds, cancellationToken) =>
        {
            string source = Path.Combine(Repository.Bench, "peers", "nginx-lua");
            string folder = Directory.CreateTempSubdirectory("openclaw-bench-").FullName;
            int port = Server.FreePort();
            string configuration = (await File.ReadAllTextAsync(Path.Combine(source, "nginx.conf"), cancellationToken))
                .Replace("@WORKERS@", $"{Environment.ProcessorCount}")
                .Replace("@DIR@", folder)
                .Replace("@SOURCE@", source)
                .Replace("@REDIS@", $"{backEnds.Redis.Port}")
                .Replace("@UPSTREAM@", backEnds.RatingApi.Url.Authority)
                .Replace("@PORT@", $"{port}")
                .Replace("@ACCESS@", limits is null ? "" : "access_by_lua_block { limiter:check() }")
                .Replace("@CAPACITY@", $"{limits?.Capacity ?? 1}")
                .Replace("@RATE@", limits is null ? "1" : $"{limits.RefillTokens} / {limits.RefillPeriod.TotalSeconds}");
            string file = Path.Combine(folder, "nginx.conf");
            await File.WriteAllTextAsync(file, configuration, cancellationToken);
            return await Server.StartAsync(name, port, "/usr/sbin/nginx", ["-p", folder, "-c", file], folder, [], cancellationToken);
        });
    }

    private static Target Flexible(string name, Limits limits) => Node(name, "rate-limiter-flexible", new()
    {
        // A fixed window: the same burst, all of it available again at once when the window ends.
        ["POINTS"] = $"{limits.Capacity}",
        ["DURATION"] = $"{limits.RefillPeriod.TotalSeconds}",
        ["WORKERS"] = $"{Environment.ProcessorCount}",
    });

    private static Target Seed(string name, Limits limits) => Node(name, "seed", new()
    {
        ["CAPACITY"] = $"{limits.Capacity}",
        ["REFILL_RATE"] = FormattableString.Invariant($"{limits.RefillTokens / limits.RefillPeriod.TotalSeconds}"),
    });

    private static Target Node(string name, string peer, Dictionary<string, string> settings)
    {
        string folder = Path.Combine(Repository.Bench, "peers", peer);
        string? missing = Directory.Exists(Path.Combine(folder, "node_modules"))
            ? null : $"Node.js 20 or later, then: npm ci --prefix bench/peers/{peer}";
        return new Target(name, missing, (backEnds, cancellationToken) =>
        {
            int port = Server.FreePort();
            Dictionary<string, string> environment = new(settings)
            {
                ["NODE_ENV"] = "production",
                ["PORT"] = $"{port}",
                ["REDIS_PORT"] = $"{backEnds.Redis.Port}",
                ["RATING_API"] = backEnds.RatingApi.Url.GetLeftPart(UriPartial.Authority),
            };
            return Server.StartAsync(name, port, "node", ["server.js"], folder, environment, cancellationToken);
        });
    }
}
