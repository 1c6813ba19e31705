using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using OpenClaw.Kubernetes.Tests.Podman;
using OpenClaw.TestServers;

namespace OpenClaw.Kubernetes.Tests.Images;

/// <summary>SDK container publishing, really done: to a registry on loopback, over the base image that eng/podman makes. It gives the image
/// that the Dockerfile gives.</summary>
[Collection(nameof(PodmanStack))]
public sealed class SdkPublishTests(PodmanStack stack)
{
    private static readonly string[] Projects = ["OpenClaw.Edge", "OpenClaw.RatingApi", "OpenClaw.Console", "OpenClaw.Notifier"];

    [Fact]
    public async Task Services_Published_AreTheImagesOfTheirDockerfiles()
    {
        await stack.RequireAsync();
        Assert.SkipWhen(Tool.Find("docker-registry") is null, "This test needs a registry on loopback (apt-get install docker-registry).");
        DirectoryInfo storage = Directory.CreateTempSubdirectory("openclaw-registry-");
        int port = LoopbackPort.Free();
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
        string[] serve = ["serve", Path.Combine(storage.FullName, "config.yml")];
        using Process server = Process.Start(new ProcessStartInfo("docker-registry", serve)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        server.BeginOutputReadLine();
        server.BeginErrorReadLine();
        try
        {
            using HttpClient client = new() { BaseAddress = new Uri($"http://{registry}") };
            await PodmanStack.UntilAsync(async () => $"{(await client.GetAsync("/v2/")).StatusCode}", status => status == "OK");
            string[] list = ["images", "--filter", "reference=localhost/openclaw/aspnet", "--format", "{{.Repository}}:{{.Tag}}"];
            string image = (await PodmanStack.PodmanAsync(list)).Successful().Split('\n')[0];
            (await PodmanStack.PodmanAsync("push", "--quiet", "--tls-verify=false", image, $"{registry}/base/aspnet:1")).Successful();

            foreach (string project in Projects)
            {
                string service = project == "OpenClaw.RatingApi" ? "rating-api" : project["OpenClaw.".Length..].ToLowerInvariant();
                ImageFacts dockerfile = ImageFacts.Read(
                    JsonDocument.Parse((await PodmanStack.PodmanAsync("image", "inspect", $"localhost/openclaw/{service}:local"))
                        .Successful()).RootElement[0].GetProperty("Config"));
                string[] arguments =
                [
                    "publish", Repository.At(project), "-c", PodmanStack.Configuration, "-v", "q", "--nologo", "-t:PublishContainer",
                    $"-p:ContainerRegistry={registry}",
                    $"-p:ContainerRepository=team/{service}", "-p:ContainerImageTag=1.0.0",
                    $"-p:ContainerBaseImage={registry}/base/aspnet:1",
                    $"-p:SourceRevisionId={dockerfile.Labels["org.opencontainers.image.revision"]}",
                    // Ahead of time, as all of them by default, is enough once: it takes long. The others have been built.
                    .. project == "OpenClaw.RatingApi" ? (string[])[] : ["-p:PublishReadyToRun=false", "--no-build"],
                ];
                (await Tool.RunAsync("dotnet", arguments, seconds: 300)).Successful();
                ImageFacts published =
                    ImageFacts.Read(await ConfigAsync(client, service, dockerfile.Labels["org.opencontainers.image.version"]));

                Assert.Equal("1654", published.User);
                Assert.Equal(["dotnet", $"/app/{project}.dll"], published.Entrypoint);
                Assert.Equal(["8080/tcp"], published.Ports);
                Assert.Equal(project, published.Labels["org.opencontainers.image.title"]);
                Assert.DoesNotContain("org.opencontainers.image.created", published.Labels.Keys);
                Assert.Equal(published.ToLines(), dockerfile.ToLines());
            }
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync();
            storage.Delete(recursive: true);
        }
    }

    private static async Task<JsonElement> ConfigAsync(HttpClient client, string service, string tag)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, $"/v2/team/{service}/manifests/{tag}");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/vnd.oci.image.manifest.v1+json"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/vnd.docker.distribution.manifest.v2+json"));
        using HttpResponseMessage manifest = await client.SendAsync(request);
        string digest = JsonDocument.Parse(await manifest.Content.ReadAsStringAsync()).RootElement.GetProperty("config")
            .GetProperty("digest").GetString()!;
        return JsonDocument.Parse(await client.GetStringAsync($"/v2/team/{service}/blobs/{digest}")).RootElement.GetProperty("config");
    }
}
