using System.IO.Compression;

namespace Aspire.Offline.Tests.Choice;

/// <summary>A folder that serves as a package source.</summary>
internal static class PackageFeed
{
    /// <summary>Fills a folder with empty packages that have the names and the version of Aspire's.</summary>
    public static void AddAspire(string folder)
    {
        foreach (var id in new[] { "Aspire.AppHost.Sdk", "Aspire.Hosting.AppHost", "Aspire.Hosting.Redis", "Aspire.Hosting.Testing", "Aspire.StackExchange.Redis" })
        {
            using var package = ZipFile.Open(Path.Combine(folder, $"{id}.{Repository.AspireVersion}.nupkg"), ZipArchiveMode.Create);
            Write(package, $"{id}.nuspec", $"""
                <package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
                  <metadata><id>{id}</id><version>{Repository.AspireVersion}</version><authors>test</authors><description>test</description></metadata>
                </package>
                """);
            if (id == "Aspire.AppHost.Sdk")
            {
                Write(package, "Sdk/Sdk.props", "<Project />");
                Write(package, "Sdk/Sdk.targets", "<Project />");
            }
            else
            {
                Write(package, "lib/net8.0/_._", string.Empty);
            }
        }
    }

    private static void Write(ZipArchive package, string name, string content)
    {
        using var writer = new StreamWriter(package.CreateEntry(name).Open());
        writer.Write(content);
    }
}
