using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Aspire.Hosting.Orchestration;

/// <summary>
/// Runs dcp, the orchestrator, and talks to its Kubernetes-style API. dcp watches this process and cleans up everything it started when
/// this process is gone, however that came about.
/// </summary>
internal sealed partial class DcpClient(ILogger<DcpClient> logger) : IAsyncDisposable
{
    internal static readonly JsonSerializerOptions Json = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private const string ApiGroup = "apis/usvc-dev.developer.microsoft.com/v1";

    // What configures the AppHost must not configure what it starts.
    private static readonly string[] NotInherited = ["ASPNETCORE_URLS", "ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT", "DOTNET_LAUNCH_PROFILE"];

    private DirectoryInfo? _session;
    private HttpClient? _http;

    /// <summary>Starts dcp.</summary>
    /// <param name="dcpPath">Its executable.</param>
    /// <param name="containerRuntime">docker or podman; null: no containers are needed.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task StartAsync(string dcpPath, string? containerRuntime, CancellationToken cancellationToken)
    {
        _session = Directory.CreateTempSubdirectory("aspire-dcp-");
        var kubeconfig = Path.Combine(_session.FullName, "kubeconfig");
        List<string> arguments = ["start-apiserver", "--monitor", $"{Environment.ProcessId}", "--detach", "--kubeconfig", kubeconfig];
        if (containerRuntime is not null)
        {
            arguments.AddRange(["--container-runtime", containerRuntime]);
        }

        var start = new ProcessStartInfo(dcpPath, arguments);
        foreach (var name in NotInherited)
        {
            start.Environment.Remove(name);
        }

        var (exitCode, _, errors) = await ChildProcess.RunAsync(start, cancellationToken);
        if (exitCode != 0)
        {
            throw new DistributedApplicationException($"The orchestrator {dcpPath} did not start (exit code {exitCode}): {errors}");
        }

        _http = CreateClient(await ReadKubeconfigAsync(kubeconfig, cancellationToken));
    }

    /// <summary>Finds the container runtime that answers: the one that <c>ASPIRE_CONTAINER_RUNTIME</c> names, else docker, else podman.</summary>
    /// <exception cref="DistributedApplicationException">None does.</exception>
    public static async Task<string> FindContainerRuntimeAsync(string dcpPath, CancellationToken cancellationToken)
    {
        string[] candidates = Environment.GetEnvironmentVariable("ASPIRE_CONTAINER_RUNTIME") is { Length: > 0 } chosen ? [chosen] : ["docker", "podman"];
        foreach (var runtime in candidates)
        {
            var (_, output, _) = await ChildProcess.RunAsync(new ProcessStartInfo(dcpPath, ["info", "--container-runtime", runtime]), cancellationToken);
            if (output.IndexOf('{', StringComparison.Ordinal) is >= 0 and var start && JsonNode.Parse(output[start..])?["containers"]?["running"]?.GetValue<bool>() == true)
            {
                return runtime;
            }
        }

        throw new DistributedApplicationException($"A container is to be run, but no container runtime answers: install and start {string.Join(" or ", candidates)}.");
    }

    public async Task CreateAsync(object definition, string kind, CancellationToken cancellationToken) =>
        await SendAsync(HttpMethod.Post, $"{ApiGroup}/{kind}", JsonContent.Create(definition, options: Json), cancellationToken);

    public async Task<JsonNode?> GetAsync(string kind, string name, CancellationToken cancellationToken)
    {
        using var answer = await Http.GetAsync($"{ApiGroup}/{kind}/{name}", cancellationToken);
        return answer.StatusCode == HttpStatusCode.NotFound
            ? null
            : await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonNode>(cancellationToken);
    }

    /// <summary>Stops a process or container; its object stays, with its exit code.</summary>
    public Task StopAsync(string kind, string name, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Patch, $"{ApiGroup}/{kind}/{name}", MergePatch("""{"spec":{"stop":true}}"""), cancellationToken);

    public Task DeleteAsync(string kind, string name, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Delete, $"{ApiGroup}/{kind}/{name}", content: null, cancellationToken);

    /// <summary>Gives all objects of a kind, and then every change of one.</summary>
    public async IAsyncEnumerable<JsonNode> WatchAsync(string kind, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var line in ReadLinesAsync($"{ApiGroup}/{kind}?watch=true", cancellationToken))
        {
            if (JsonNode.Parse(line) is { } change && change["type"]?.GetValue<string>() is "ADDED" or "MODIFIED")
            {
                yield return change["object"]!;
            }
        }
    }

    /// <summary>Gives the lines that a process or container prints to stdout or stderr, each with its time.</summary>
    public IAsyncEnumerable<string> ReadLogAsync(string kind, string name, string source, bool follow, CancellationToken cancellationToken) =>
        ReadLinesAsync($"{ApiGroup}/{kind}/{name}/log?source={source}&follow={(follow ? "true" : "false")}&timestamps=true", cancellationToken);

    private async IAsyncEnumerable<string> ReadLinesAsync(string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var stream = await Http.GetStreamAsync(path, cancellationToken);
        using var reader = new StreamReader(stream);
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            yield return line;
        }
    }

    /// <summary>Stops everything that dcp runs, and dcp.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _http, null) is { } http)
        {
            using (http)
            {
                await ShutDownAsync(http);
            }
        }

        try
        {
            _session?.Delete(recursive: true);
        }
        catch (IOException)
        {
            // dcp may still write its last lines there.
        }
    }

    private HttpClient Http => _http ?? throw new DistributedApplicationException("The orchestrator is not running.");

    private async Task ShutDownAsync(HttpClient http)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            await http.PatchAsync("admin/execution", MergePatch("""{"status":"CleaningResources","shutdownResourceCleanup":"Full"}"""), deadline.Token);
            while (await http.GetFromJsonAsync<JsonNode>("admin/execution", deadline.Token) is { } state
                && state["status"]?.GetValue<string>() != "CleanupComplete")
            {
                await Task.Delay(50, deadline.Token);
            }

            await http.PatchAsync("admin/execution", MergePatch("""{"status":"Stopping","shutdownResourceCleanup":"None"}"""), deadline.Token);
            while (true)
            {
                await http.GetAsync("healthz", deadline.Token);
                await Task.Delay(50, deadline.Token);
            }
        }
        catch (HttpRequestException)
        {
            // It is gone.
        }
        catch (OperationCanceledException)
        {
            LogSlowStop();
        }
    }

    private async Task SendAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        using var answer = await Http.SendAsync(request, cancellationToken);
        if (!answer.IsSuccessStatusCode)
        {
            throw new DistributedApplicationException($"The orchestrator refused {method} {path}: {await answer.Content.ReadAsStringAsync(cancellationToken)}");
        }
    }

    private async Task<string> ReadKubeconfigAsync(string path, CancellationToken cancellationToken)
    {
        var patience = Stopwatch.StartNew();
        while (patience.Elapsed < TimeSpan.FromSeconds(30))
        {
            // The last line to be written is the token.
            if (File.Exists(path) && await File.ReadAllTextAsync(path, cancellationToken) is var text && text.Contains("token:", StringComparison.Ordinal))
            {
                return text;
            }

            await Task.Delay(20, cancellationToken);
        }

        throw new DistributedApplicationException("The orchestrator did not start within 30 seconds.");
    }

    private static HttpClient CreateClient(string kubeconfig)
    {
        string Value(string key) => Regex.Match(kubeconfig, $@"^\s*{key}:\s*(\S+)\s*$", RegexOptions.Multiline).Groups[1].Value;

        var authority = X509Certificate2.CreateFromPem(Encoding.ASCII.GetString(Convert.FromBase64String(Value("certificate-authority-data"))));
        var handler = new SocketsHttpHandler { UseProxy = false };
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { authority },
            RevocationMode = X509RevocationMode.NoCheck,
        };
        return new HttpClient(handler)
        {
            BaseAddress = new Uri(Value("server") + "/"),
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", Value("token")) },
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    private static StringContent MergePatch(string json) => new(json, new MediaTypeHeaderValue("application/merge-patch+json"));

    [LoggerMessage(1, LogLevel.Warning, "The orchestrator did not stop within a minute; it cleans up by itself once this process has ended.")]
    private partial void LogSlowStop();
}
