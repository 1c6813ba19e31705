using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using OpenClaw.Kubernetes.Tests.Podman;

namespace OpenClaw.Kubernetes.Tests.Images;

/// <summary>SDK container publishing, really done: to a registry on loopback, over the base image that eng/podman makes.</summary>
public sealed class SdkPublishTests(PodmanStack stack)
{
    [Fact]
    public async Task RatingApi_Published_IsConfinedAndLabelled()
    {
        stack.Require();
        Assert.SkipWhen(Tool.Find("docker-registry") is null, "This test needs a registry on loopback (apt-get install docker-registry).");
        DirectoryInfo storage = Directory.CreateTempSubdirectory("openclaw-registry-");
        int port = PodmanStack.FreePort();
        string registry = string.Create(CultureInfo.InvariantCulture, $"localhost:{port}");
        File.WriteAllText(Path.Combine(storage.FullName, "config.yml"), $"""
            version: 0.1
            log:
              level: error
            storage:
              filesystem:
                rootdirectory: {storage.FullName}/data
            http:
              addr: "127.0.0.1:{port}"
            """);
        using Process server = Process.Start(new ProcessStartInfo("docker-registry", ["serve", Path.Combine(storage.FullName, "config.yml")]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        server.BeginOutputReadLine();
        server.BeginErrorReadLine();
        try
        {
            using HttpClient client = new() { BaseAddress = new Uri($"http://{registry}") };
            await PodmanStack.UntilAsync(async () => $"{(await client.GetAsync("/v2/")).StatusCode}", status => status == "OK");
            string image = (await PodmanStack.PodmanAsync("images", "--filter", "reference=localhost/openclaw/aspnet", "--format", "{{.Repository}}:{{.Tag}}")).Successful().Split('\n')[0];
            (await PodmanStack.PodmanAsync("push", "--quiet", "--tls-verify=false", image, $"{registry}/base/aspnet:1")).Successful();

            string[] arguments =
            [
                "publish", Repository.At("OpenClaw.RatingApi"), "-c", PodmanStack.Configuration, "-v", "q", "--nologo", "-t:PublishContainer", $"-p:ContainerRegistry={registry}",
                "-p:ContainerRepository=team/rating-api", "-p:ContainerImageTag=7", $"-p:ContainerBaseImage={registry}/base/aspnet:1", "-p:SourceRevisionId=0123abc",
            ];
            (await Tool.RunAsync("dotnet", arguments, seconds: 300)).Successful();

            JsonElement config = (await ConfigAsync(client)).GetProperty("config");
            Assert.Equal("1654", config.GetProperty("User").GetString());
            Assert.Equal(["dotnet", "/app/OpenClaw.RatingApi.dll"], config.GetProperty("Entrypoint").EnumerateArray().Select(e => e.GetString()));
            Assert.Equal("8080/tcp", config.GetProperty("ExposedPorts").EnumerateObject().Single().Name);
            JsonElement labels = config.GetProperty("Labels");
            Assert.Equal("7", labels.GetProperty("org.opencontainers.image.version").GetString());
            Assert.Equal("0123abc", labels.GetProperty("org.opencontainers.image.revision").GetString());
            Assert.Equal("OpenClaw.RatingApi", labels.GetProperty("org.opencontainers.image.title").GetString());
            Assert.False(labels.TryGetProperty("org.opencontainers.image.created", out _));
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync();
            storage.Delete(recursive: true);
        }
    }

    private static async Task<JsonElement> ConfigAsync(HttpClient client)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/v2/team/rating-api/manifests/7");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/vnd.oci.image.manifest.v1+json"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/vnd.docker.distribution.manifest.v2+json"));
        using HttpResponseMessage manifest = await client.SendAsync(request);
        string digest = JsonDocument.Parse(await manifest.Content.ReadAsStringAsync()).RootElement.GetProperty("config").GetProperty("digest").GetString()!;
        return JsonDocument.Parse(await client.GetStringAsync($"/v2/team/rating-api/blobs/{digest}")).RootElement;
    }
}
