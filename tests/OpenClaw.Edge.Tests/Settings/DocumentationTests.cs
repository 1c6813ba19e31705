using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using OpenClaw.Edge.Settings;
using OpenClaw.Edge.Tests.Hosting;
using OpenClaw.RateLimiting;

namespace OpenClaw.Edge.Tests.Settings;

public sealed class DocumentationTests
{
    private static readonly string Text = File.ReadAllText(Repository.Path("docs", "edge.md"));

    [Fact]
    public void Examples_OverTheShippedSettings_AreValid()
    {
        string[] examples = [.. Regex.Matches(Text, "```json\n(.*?)```", RegexOptions.Singleline).Select(match => match.Groups[1].Value)];

        Assert.Equal(3, examples.Length);
        Assert.All(examples, example =>
        {
            IConfiguration configuration = new ConfigurationBuilder()
                .AddJsonFile(Repository.Path("OpenClaw.Edge", "appsettings.json"))
                .AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(example)))
                .Build();
            EdgeOptions options = StrictSettings.Read<EdgeOptions>(configuration, EdgeOptions.Section, []);
            ValidateOptionsResult result = new EdgeOptionsValidator(configuration, []).Validate(null, options);
            Assert.True(result.Succeeded, result.FailureMessage);
        });
    }

    [Fact]
    public void Tables_EverySetting_IsThere()
    {
        foreach (PropertyInfo group in typeof(EdgeOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            Assert.Contains($"`{group.Name}", Text);
            if (group.PropertyType.Namespace == typeof(EdgeOptions).Namespace || group.PropertyType == typeof(TokenBucketLimiterOptions))
            {
                Assert.All(group.PropertyType.GetProperties(), setting => Assert.Contains($"`{group.Name}:{setting.Name}`", Text));
            }
        }
    }
}
