using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Bundle;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aspire.Offline.Tests.Hosting;

public sealed class ModelTests
{
    [Fact]
    public void AddResource_NameTaken_Throws()
    {
        var builder = DistributedApplication.CreateBuilder([]);
        builder.AddRedis("redis");

        Assert.Throws<DistributedApplicationException>(() => builder.AddRedis("Redis"));
    }

    [Fact]
    public async Task Run_OrchestratorCannotBeHad_PrintsTheReasonAndNoStackTrace()
    {
        var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions { DisableDashboard = true });
        builder.AddProject<EchoProject>("web", launchProfileName: null);
        builder.Services.AddSingleton(new BundleLocator(NullLogger<BundleLocator>.Instance) { Chosen = "/nowhere" });
        var (console, errors) = (Console.Error, new StringWriter());
        Console.SetError(errors);
        try
        {
            await builder.Build().RunAsync(TestContext.Current.CancellationToken);

            Assert.Equal(1, Environment.ExitCode);
            Assert.Equal("ASPIRE_BUNDLE_PATH is '/nowhere', but there is no dcp/dcp and managed/aspire-managed in it.", errors.ToString().TrimEnd());
        }
        finally
        {
            Console.SetError(console);
            Environment.ExitCode = 0;
        }
    }

    [Fact]
    public void AddProject_ProfileIsMissing_NamesItAndTheFile()
    {
        var builder = DistributedApplication.CreateBuilder([]);

        var error = Assert.Throws<DistributedApplicationException>(() => builder.AddProject<EchoProject>("web", "nothing"));

        Assert.Contains("'nothing'", error.Message, StringComparison.Ordinal);
        Assert.Contains("launchSettings.json", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReferenceExpression_WithValues_HasBothForms()
    {
        var builder = DistributedApplication.CreateBuilder(["--Parameters:password=a b"]);
        var password = builder.AddParameter("password", new GenerateParameterDefault()).Resource;

        var expression = ReferenceExpression.Create($"{{{"literal"}}} {password} {password:uri}");

        Assert.Equal("{literal} {password.value} {password.value}", expression.ValueExpression);
        Assert.Equal("{literal} a b a%20b", await expression.GetValueAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Parameter_Generated_HasTheAskedLengthAndNoPunctuation()
    {
        var builder = DistributedApplication.CreateBuilder([]);
        var password = builder.AddParameter("password", new GenerateParameterDefault { MinLength = 30, Special = false });

        Assert.Matches("^[A-Za-z0-9]{30}$", await password.Resource.GetValueAsync(CancellationToken.None));
    }
}
