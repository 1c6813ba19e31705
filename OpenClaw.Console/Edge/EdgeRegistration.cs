using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.Options;
using OpenClaw.Console.Options;

namespace OpenClaw.Console.Edge;

/// <summary>Registers the client of the edge's admin API.</summary>
internal static class EdgeRegistration
{
    /// <summary>Name of the HTTP client for calls.</summary>
    public const string Calls = "edge";

    /// <summary>Name of the HTTP client for streams, which have no deadline.</summary>
    public const string Streams = "edge-streams";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Registers the client. Calls time out after five seconds and are not repeated, since pages refresh by themselves.</summary>
    public static void AddEdgeClient(this IHostApplicationBuilder builder)
    {
        AddHttpClient(builder.Services, Calls, Timeout);
        AddHttpClient(builder.Services, Streams, System.Threading.Timeout.InfiniteTimeSpan);
        builder.Services.AddSingleton<EdgeConnection>();
        builder.Services.AddScoped<EdgeClient>();
    }

    private static void AddHttpClient(IServiceCollection services, string name, TimeSpan timeout)
    {
        IHttpClientBuilder client = services.AddHttpClient(name, (provider, http) =>
        {
            ConsoleOptions options = provider.GetRequiredService<IOptions<ConsoleOptions>>().Value;
            http.BaseAddress = new Uri(options.Edge.TrimEnd('/') + "/");
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", options.AdminKey);
            http.Timeout = timeout;
        });
        client.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            ConnectTimeout = ConnectTimeout,
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8,
            UseProxy = false,
        });
#pragma warning disable EXTEXP0001 // Experimental; retries of the defaults would take longer than an operator waits.
        client.RemoveAllResilienceHandlers();
#pragma warning restore EXTEXP0001
    }
}
