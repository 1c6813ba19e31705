using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OpenClaw.Notifier.Tests.Hosting;

namespace OpenClaw.Notifier.Tests.Configuration;

public sealed class SettingsTests
{
    [Theory]
    [InlineData("Nmae=x",
        "OpenClaw:Notifier:Nmae is not a setting; OpenClaw:Notifier has: Clients, Email, Events, KeyPrefix, Name, Operators, Queue, Redis, "
            + "Retry, Source, Webhooks.")]
    [InlineData("Retry:Maximum=3",
        "OpenClaw:Notifier:Retry:Maximum is not a setting; OpenClaw:Notifier:Retry has: FirstDelay, MaxAttempts, MaxDelay, MaxRetryAfter.")]
    [InlineData("Retry:MaxAttempts=0", "OpenClaw:Notifier:Retry:MaxAttempts is 0; it must be 1 to 100.")]
    [InlineData("Retry:MaxAttempts=many", "OpenClaw:Notifier:Retry:MaxAttempts is 'many'; it must be a whole number.")]
    [InlineData("Webhooks:Timeout=10",
        "OpenClaw:Notifier:Webhooks:Timeout is '10'; it must be a duration, [days.]hours:minutes:seconds, such as 00:00:01 or 1.00:00:00.")]
    [InlineData("Webhooks:SigningKeys:0=secret", "OpenClaw:Notifier:Webhooks:SigningKeys:0 has 6 characters; it must have at least 32.")]
    [InlineData("Webhooks:AllowedNetworks:0=private",
        "OpenClaw:Notifier:Webhooks:AllowedNetworks:0 is 'private'; it must be a network such as 10.1.0.0/16, or an address.")]
    [InlineData(
        "Clients:Types:0=denied", "OpenClaw:Notifier:Clients:Types:0 is 'denied'; it must be one of client.blocked, client.denied, ")]
    [InlineData("Operators:a/b:Emails:0=x@y.example",
        "OpenClaw:Notifier:Operators:a/b has no valid name; it must be 1 to 64 letters, digits and - _ . characters.")]
    [InlineData("Operators:team:Types:0=store.lost",
        "OpenClaw:Notifier:Operators:team has neither Emails nor a Webhook; it must have one of them.")]
    [InlineData("Operators:team:Emails:0=nobody", "OpenClaw:Notifier:Operators:team:Emails:0 is 'nobody'; it must be one e-mail address.")]
    [InlineData("Operators:team:Webhook=ftp://secret.example", "OpenClaw:Notifier:Operators:team:Webhook must begin with https or http.")]
    [InlineData("Email:From=OpenClaw",
        "OpenClaw:Notifier:Email:From is 'OpenClaw'; it must be an address such as OpenClaw <openclaw@example.com>.")]
    [InlineData("Email:Smtp:Security=Maybe", "OpenClaw:Notifier:Email:Smtp:Security is 'Maybe'; it must be one of StartTls, Tls, None.")]
    [InlineData(
        "Email:Smtp:Password=geheim", "OpenClaw:Notifier:Email:Smtp:User is missing; OpenClaw:Notifier:Email:Smtp:Password needs it.")]
    [InlineData("Email:Templates=/nowhere", "OpenClaw:Notifier:Email:Templates is '/nowhere'; it must be an existing folder.")]
    [InlineData("Queue:MaxPending=9999",
        "OpenClaw:Notifier:Queue:MaxPerReceiver is 10000; it must be at most OpenClaw:Notifier:Queue:MaxPending, which is 9999, ")]
    [InlineData("Queue:MaxPerReceiver=0", "OpenClaw:Notifier:Queue:MaxPerReceiver is 0; it must be 1 to 1000000.")]
    [InlineData("Source=", "OpenClaw:Notifier:Source is ''; it must be a URI or a path, such as /openclaw.")]
    [InlineData("KeyPrefix=a{b",
        "OpenClaw:Notifier:KeyPrefix is 'a{b'; it must have 1 to 32 characters, without braces and white space.")]
    [InlineData("Name=a b", "OpenClaw:Notifier:Name is 'a b'; it must be 1 to 128 visible ASCII characters.")]
    [InlineData("OpenClaw:Notfier:Name=x", "OpenClaw:Notfier is not a setting; OpenClaw has: ")]
    public void Start_WrongSetting_SaysWhatWouldBeRight(string setting, string error) =>
        Assert.Contains(Errors("localhost:6379", setting), text => text.StartsWith(error, StringComparison.Ordinal));

    [Fact]
    public void Start_SeveralErrors_AreReportedAtOnceWithoutSecrets()
    {
        string[] errors = Errors(
            "localhost:6379,password=geheim,rest-of-it",
            "Webhooks:SigningKeys:0=geheim", "Email:Smtp:Security=None", "Email:Smtp:User=notifier", "Email:Smtp:Password=geheim",
                "Retry:MaxAttempts=0",
            "Redis:Pasword=geheim");

        Assert.Equal(5, errors.Length);
        Assert.DoesNotContain(
            errors, error => error.Contains("geheim", StringComparison.Ordinal) || error.Contains("rest-of-it", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "ConnectionStrings:redis is missing; it must be in the format of StackExchange.Redis")]
    [InlineData("redis:6379,nonsense=1", "ConnectionStrings:redis cannot be read; it must be")]
    public void Start_ConnectionStringWrong_IsSaid(string connection, string error) =>
        Assert.Contains(Errors(connection), text => text.StartsWith(error, StringComparison.Ordinal));

    [Fact]
    public async Task Start_TemplatesWrong_NamesEachFile()
    {
        string folder = Directory.CreateTempSubdirectory("openclaw-templates-").FullName;
        Directory.CreateDirectory(Path.Combine(folder, "default"));
        Directory.CreateDirectory(Path.Combine(folder, "client.treshold"));
        await File.WriteAllTextAsync(Path.Combine(folder, "default", "text.liquid"), "{% if event.client %}never ended");
        await File.WriteAllTextAsync(Path.Combine(folder, "client.treshold", "text.liquid"), "misspelt");

        string[] errors = Errors("localhost:6379", $"Email:Templates={folder}");

        Assert.Contains(errors, error =>
            error.StartsWith($"{Path.Combine(folder, "default", "text.liquid")} is not a Liquid template: ", StringComparison.Ordinal));
        Assert.Contains(errors, error => error.StartsWith(
            $"{Path.Combine(folder, "client.treshold", "text.liquid")} is not a template name", StringComparison.Ordinal));
        Directory.Delete(folder, recursive: true);
    }

    private static string[] Errors(string connection, params string[] settings)
    {
        using IHost host = NotifierApplication.Create(TestSettings.Arguments(connection, Path.GetTempPath(), settings));
        Exception exception = Assert.ThrowsAny<Exception>(() => host.Services.GetRequiredService<IStartupValidator>().Validate());
        return exception is AggregateException all
            ? [.. all.InnerExceptions.OfType<OptionsValidationException>().SelectMany(error => error.Failures)]
            : [.. Assert.IsType<OptionsValidationException>(exception).Failures];
    }
}
