using Aspire.Hosting;

namespace Aspire.Offline.Tests.Hosting;

internal sealed class EchoProject : IProjectMetadata
{
    public string ProjectPath => Path.Combine(Repository.Root, "eng", "aspire-offline", "tests", "EchoService", "EchoService.csproj");
}
