using OpenClaw.RateLimiting.AspNetCore.Policies;
using PublicApiGenerator;
using Xunit;

namespace OpenClaw.RateLimiting.AspNetCore.Tests;

public sealed class PublicApiTests
{
    // A change here changes the public API of the library. When it is meant: copy PublicApi.actual.txt, which the failing test writes
    // beside the tests, over PublicApi.txt.
    [Fact]
    public void Surface_OfTheLibrary_IsTheApprovedOne()
    {
        string actual = typeof(RedisPolicyOptions).Assembly
            .GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false })
            .ReplaceLineEndings("\n").TrimEnd() + "\n";
        File.WriteAllText(Path.Combine(AppContext.BaseDirectory, "PublicApi.actual.txt"), actual);

        string approved = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "PublicApi.txt")).ReplaceLineEndings("\n");

        Assert.Equal(approved, actual);
    }
}
