using Microsoft.Extensions.Configuration;
using OpenClaw.Notifier.Commands;
using OpenClaw.Notifier.Tests.Hosting;

namespace OpenClaw.Notifier.Tests.Configuration;

public sealed class WebhookSecretCommandTests
{
    [Fact]
    public void Run_Receiver_PrintsOneSecretForEachReceiverAndKey()
    {
        string[] secrets =
        [
            .. ((string[][])[["acme"], ["acme", "1"], ["operator/acme"], ["other"]]).Select(arguments =>
            {
                (int code, string output, string error) = Run(arguments);
                Assert.Equal((0, ""), (code, error));
                Assert.Matches("^whsec_[A-Za-z0-9+/]{43}=\n$", output.ReplaceLineEndings("\n"));
                return output;
            }),
        ];

        Assert.Equal(4, secrets.Distinct().Count());
        Assert.Equal(secrets[0], Run("client/acme").Output);
    }

    [Theory]
    [InlineData()]
    [InlineData("a b")]
    [InlineData("team/acme")]
    [InlineData("acme", "first")]
    [InlineData("acme", "0", "more")]
    public void Run_ArgumentsNotValid_IsTwo(params string[] arguments)
    {
        (int code, string output, string error) = Run(arguments);

        Assert.Equal((2, ""), (code, output));
        Assert.StartsWith("webhook-secret takes ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_KeyMissing_IsOneAndNamesTheSetting()
    {
        (int code, string output, string error) = Run("acme", "2");

        Assert.Equal((1, ""), (code, output));
        Assert.StartsWith("OpenClaw:Notifier:Webhooks:SigningKeys:2 must have at least 32 characters", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_Help_IsPrinted() => Assert.StartsWith("Usage: webhook-secret", Run("--help").Output, StringComparison.Ordinal);

    private static (int Code, string Output, string Error) Run(params string[] arguments)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        int code = WebhookSecretCommand.Run(
            arguments,
            _ => new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["OpenClaw:Notifier:Webhooks:SigningKeys:0"] = TestSettings.Key,
                ["OpenClaw:Notifier:Webhooks:SigningKeys:1"] = TestSettings.OlderKey,
            }).Build(),
            output,
            error);
        return (code, output.ToString(), error.ToString());
    }
}
