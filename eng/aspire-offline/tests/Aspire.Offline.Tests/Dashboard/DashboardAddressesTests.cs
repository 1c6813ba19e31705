using Aspire.Hosting.Dashboard;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aspire.Offline.Tests.Dashboard;

public sealed class DashboardAddressesTests
{
    [Fact]
    public void FrontEnd_NothingConfigured_IsAFreeLoopbackPort() =>
        Assert.Matches(@"^http://localhost:\d+$", Assert.Single(DashboardAddresses.FrontEnd(Configuration(), NullLogger.Instance)));

    [Fact]
    public void FrontEnd_SeveralAddresses_KeepsTheirOrder() => Assert.Equal(
        ["http://localhost:1", "http://localhost:2"],
        DashboardAddresses.FrontEnd(Configuration(("ASPNETCORE_URLS", "http://localhost:1; http://localhost:2")), NullLogger.Instance));

    [Theory]
    [InlineData("ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL")]
    [InlineData("DOTNET_DASHBOARD_OTLP_ENDPOINT_URL")]
    public void Otlp_HttpsConfigured_IsTheSamePortWithoutTls(string name) =>
        Assert.Equal("http://localhost:21000", DashboardAddresses.Otlp(Configuration((name, "https://localhost:21000"))));

    private static IConfiguration Configuration(params (string Key, string Value)[] values) =>
        new ConfigurationBuilder().AddInMemoryCollection(values.Select(pair => KeyValuePair.Create<string, string?>(pair.Key, pair.Value))).Build();
}
