using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Options;
using Xunit;

namespace OpenClaw.RatingApi.Tests;

public sealed class OptionsTests
{
    [Fact]
    public async Task Start_SettingsOutOfRange_NamesAllOfThem()
    {
        OptionsValidationException error = await Assert.ThrowsAsync<OptionsValidationException>(async () =>
        {
            await using WebApplication app = RatingApplication.Create(
                ["--urls", "http://127.0.0.1:0", "--Ratings:MaxSubjects", "0", "--Ratings:MaxBodyBytes", "63"]);
            await app.StartAsync(TestContext.Current.CancellationToken);
        });

        Assert.Contains("Ratings:MaxSubjects must be 1 to 10000000.", error.Failures);
        Assert.Contains("Ratings:MaxBodyBytes must be 64 to 1048576.", error.Failures);
    }
}
