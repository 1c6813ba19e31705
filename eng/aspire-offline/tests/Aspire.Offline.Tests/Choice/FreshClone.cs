using System.Diagnostics;

namespace Aspire.Offline.Tests.Choice;

/// <summary>
/// A folder outside the repository with its build files, an AppHost and a service, and with a package source and a global packages folder of its own.
/// The stand-in's projects are empty: this is about which are referenced and built, not about what is in them.
/// </summary>
internal sealed class FreshClone : IDisposable
{
    public const string Service = "Service/Service.csproj";
    public const string AppHost = "AppHost/AppHost.csproj";
    public const string Solution = "All.sln";

    private readonly string _root = Directory.CreateTempSubdirectory("openclaw-choice-").FullName;

    public FreshClone(params PackageSource[] packageSources)
    {
        foreach (var file in Directory.GetFiles(Repository.Root, "Directory.*").Append(Path.Combine(Repository.Root, "global.json")))
        {
            File.Copy(file, Path.Combine(Clone, Path.GetFileName(file)));
        }

        var offline = Path.Combine(Repository.Root, "eng", "aspire-offline");
        foreach (var file in Directory.GetFiles(offline, "AspireSource.*").Concat(Directory.GetFiles(offline, "*.targets")).Append(Path.Combine(offline, "probe", "Probe.csproj")).Distinct())
        {
            Write(Path.Combine("eng", "aspire-offline", Path.GetRelativePath(offline, file)), File.ReadAllText(file));
        }

        Write("eng/aspire-offline/Aspire.Hosting/Aspire.Hosting.csproj", """<Project Sdk="Microsoft.NET.Sdk" />""");
        Write("eng/aspire-offline/Aspire.StackExchange.Redis/Aspire.StackExchange.Redis.csproj", """<Project Sdk="Microsoft.NET.Sdk" />""");
        Write(Service, """<Project Sdk="Microsoft.NET.Sdk"><ItemGroup><AspireReference Include="Aspire.StackExchange.Redis" /></ItemGroup></Project>""");
        Write(AppHost, $"""
            <Project>
              <Import Project="Sdk.props" Sdk="Microsoft.NET.Sdk" />
              <Import Project="Sdk.props" Sdk="Aspire.AppHost.Sdk" Version="{Repository.AspireVersion}" Condition="'$(AspireOrigin)' == 'nuget'" />
              <ItemGroup><AspireReference Include="Aspire.Hosting.AppHost;Aspire.Hosting.Redis" /><ProjectReference Include="../Service/Service.csproj" /></ItemGroup>
              <Import Project="Sdk.targets" Sdk="Microsoft.NET.Sdk" />
              <Import Project="Sdk.targets" Sdk="Aspire.AppHost.Sdk" Version="{Repository.AspireVersion}" Condition="'$(AspireOrigin)' == 'nuget'" />
            </Project>
            """);
        Write(Solution, SolutionFile(AppHost, Service, "eng/aspire-offline/Aspire.Hosting/Aspire.Hosting.csproj", "eng/aspire-offline/Aspire.StackExchange.Redis/Aspire.StackExchange.Redis.csproj"));
        UsePackageSources(packageSources);
    }

    /// <summary>What was remembered; null: nothing.</summary>
    public string? Choice => File.Exists(ChoiceFile) ? File.ReadAllText(ChoiceFile) : null;

    public bool StandInIsBuilt => Directory.Exists(Path.Combine(Clone, "eng", "aspire-offline", "Aspire.StackExchange.Redis", "bin"));

    private string Clone => Directory.CreateDirectory(Path.Combine(_root, "clone")).FullName;

    private string ChoiceFile => Path.Combine(Clone, "eng", "aspire-offline", "choice.props");

    public void UsePackageSources(params PackageSource[] sources)
    {
        var lines = sources.Select(source => $"""<add key="{source}" value="{Address(source)}" />""");
        Write("NuGet.config", $"<configuration><packageSources><clear />{string.Concat(lines)}</packageSources></configuration>");
    }

    /// <summary>Runs <c>dotnet</c> in the clone, with nothing of this process's build in its environment.</summary>
    public async Task<(int ExitCode, string Output)> DotNetAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [.. arguments, "-tl:off", "-m:1", "-nodeReuse:false"])
        {
            WorkingDirectory = Clone,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            start.Environment.Remove(name);
        }

        start.Environment["NUGET_PACKAGES"] = Path.Combine(_root, "packages");
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync() + await errors;
        await process.WaitForExitAsync();
        return (process.ExitCode, output);
    }

    /// <summary>Whether the last restore of a project took the packages or the stand-in.</summary>
    public string? RestoredFrom(string project)
    {
        var assets = File.ReadAllText(Path.Combine(Clone, Path.GetDirectoryName(project)!, "obj", "project.assets.json"));
        return assets.Contains($"Aspire.StackExchange.Redis/{Repository.AspireVersion}", StringComparison.Ordinal) ? "nuget"
            : assets.Contains("Aspire.StackExchange.Redis.csproj", StringComparison.Ordinal) ? "offline"
            : null;
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private string Address(PackageSource source)
    {
        var feed = Directory.CreateDirectory(Path.Combine(_root, source.ToString())).FullName;
        if (source == PackageSource.WithAspire)
        {
            PackageFeed.AddAspire(feed);
        }

        return source == PackageSource.Unreachable ? "https://127.0.0.1:1/index.json" : feed;
    }

    private void Write(string path, string content)
    {
        var file = Path.Combine(Clone, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
    }

    private static string SolutionFile(params string[] projects)
    {
        var ids = projects.ToDictionary(project => project, _ => Guid.NewGuid().ToString("B").ToUpperInvariant());
        var entries = projects.Select(project =>
            $"Project(\"{{9A19103F-16F7-4668-BE54-9A1E7A4F7556}}\") = \"{Path.GetFileNameWithoutExtension(project)}\", \"{project}\", \"{ids[project]}\"\nEndProject");
        var configurations = ids.Values.SelectMany(id => new[] { $"\t\t{id}.Debug|Any CPU.ActiveCfg = Debug|Any CPU", $"\t\t{id}.Debug|Any CPU.Build.0 = Debug|Any CPU" });
        return $"""
            Microsoft Visual Studio Solution File, Format Version 12.00
            {string.Join('\n', entries)}
            Global
            	GlobalSection(SolutionConfigurationPlatforms) = preSolution
            		Debug|Any CPU = Debug|Any CPU
            	EndGlobalSection
            	GlobalSection(ProjectConfigurationPlatforms) = postSolution
            {string.Join('\n', configurations)}
            	EndGlobalSection
            EndGlobal
            """;
    }
}
