using System.Xml.Linq;

namespace OpenClaw.Architecture.Tests;

/// <summary>Holds projects to one direction of dependencies.</summary>
public sealed class ProjectTests
{
    // Every product project and what it may reference. A new project is added here with its place.
    private static readonly Dictionary<string, string[]> MayReference = new()
    {
        ["OpenClaw.AppHost"] = ["OpenClaw.Console", "OpenClaw.DevRedis", "OpenClaw.Edge", "OpenClaw.Notifier", "OpenClaw.RatingApi"],
        ["OpenClaw.Console"] = ["OpenClaw.ServiceDefaults"],
        ["OpenClaw.DevRedis"] = ["OpenClaw.ServiceDefaults"],
        ["OpenClaw.Edge"] = ["OpenClaw.RateLimiting", "OpenClaw.RateLimiting.AspNetCore", "OpenClaw.ServiceDefaults"],
        ["OpenClaw.Notifier"] = ["OpenClaw.ServiceDefaults"],
        ["OpenClaw.RateLimiting"] = [],
        ["OpenClaw.RateLimiting.AspNetCore"] = ["OpenClaw.RateLimiting"],
        ["OpenClaw.RatingApi"] = ["OpenClaw.ServiceDefaults"],
        ["OpenClaw.ServiceDefaults"] = [],
    };

    [Fact]
    public void References_BetweenProjects_PointOneWay()
    {
        IEnumerable<string> wrong = Directory.EnumerateDirectories(Repository.Root, "OpenClaw.*")
            .Select(folder => Path.GetFileName(folder))
            .SelectMany(project => Repository.Files(project, "*.csproj"))
            .SelectMany(file => References(file, "ProjectReference").Select(reference => (
                From: Path.GetFileNameWithoutExtension(file), To: Path.GetFileNameWithoutExtension(reference.Replace('\\', '/')))))
            .Where(reference => !MayReference.GetValueOrDefault(reference.From, []).Contains(reference.To))
            .Select(reference => $"{reference.From} → {reference.To}");

        Assert.Empty(wrong);
    }

    // Redis is its only dependency of this kind; HTTP and Aspire are not allowed. OpenTelemetry's API package is the one for libraries; it
    // does nothing in an application without OpenTelemetry.
    [Fact]
    public void Packages_OfTheLibrary_AreRedisAndAbstractionsOfDotNet()
    {
        const string Project = "OpenClaw.RateLimiting/OpenClaw.RateLimiting.csproj";
        IEnumerable<string> wrong = References(Project, "PackageReference", "FrameworkReference")
            .Where(package => package is not (
                    "StackExchange.Redis" or "System.Threading.RateLimiting" or "Microsoft.Extensions.Options"
                    or "Microsoft.Extensions.Diagnostics" or "Microsoft.Extensions.Diagnostics.HealthChecks"
                    or "OpenTelemetry.Api.ProviderBuilderExtensions"
                    or "Microsoft.CodeAnalysis.BannedApiAnalyzers") // used in the build only
                && !(package.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal)
                    && package.EndsWith(".Abstractions", StringComparison.Ordinal)));

        Assert.Empty(wrong);
    }

    private static IEnumerable<string> References(string project, params string[] kinds)
        => XDocument.Load(Path.Combine(Repository.Root, project)).Descendants()
            .Where(element => kinds.Contains(element.Name.LocalName))
            .Select(element => (string)element.Attribute("Include")!);
}
