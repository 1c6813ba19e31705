using Microsoft.Extensions.Options;
using Xunit;

namespace OpenClaw.RatingApi.Tests;

public sealed class OptionsTests
{
    [Fact]
    public void Start_SettingsOutOfRange_NamesAllOfThem()
    {
        using RatingApiServer server = new(("Ratings:MaxSubjects", "0"), ("Ratings:MaxBodyBytes", "63"));

        OptionsValidationException error = Assert.Throws<OptionsValidationException>(() => server.Connect());

        Assert.Contains("Ratings:MaxSubjects is 0; it must be 1 to 10000000.", error.Failures);
        Assert.Contains("Ratings:MaxBodyBytes is 63; it must be 64 to 1048576.", error.Failures);
    }
}
