using Microsoft.Extensions.Configuration;
using OpenClaw.Edge.Commands;
using OpenClaw.Edge.Tests.Hosting;

namespace OpenClaw.Edge.Tests.Settings;

public sealed class HashKeyCommandTests
{
    [Fact]
    public void Run_SamplePepperAndKey_PrintsTheHashOfTheSampleClient()
    {
        (int code, string output, _) = Run(TestEdge.Pepper, "test-key\n");

        Assert.Equal(0, code);
        Assert.Contains($"\"{output.Trim()}\"", File.ReadAllText(Repository.Path("OpenClaw.Edge", "appsettings.Development.json")));
    }

    [Theory]
    [InlineData("", "test-key", "Pepper")]
    [InlineData(TestEdge.Pepper, "", "visible ASCII")]
    [InlineData(TestEdge.Pepper, "two words", "visible ASCII")]
    public void Run_BadInput_ExplainsAndFails(string pepper, string key, string expected)
    {
        (int code, string output, string error) = Run(pepper, key);

        Assert.Equal(1, code);
        Assert.Empty(output);
        Assert.Contains(expected, error);
    }

    private static (int Code, string Output, string Error) Run(string pepper, string input)
    {
        IConfiguration configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("OpenClaw:Edge:ApiKeys:Pepper", pepper)])
            .Build();
        StringWriter output = new();
        StringWriter error = new();
        int code = HashKeyCommand.Run(configuration, new StringReader(input), output, error);
        return (code, output.ToString(), error.ToString());
    }
}
