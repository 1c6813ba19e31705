using Aspire.Hosting.Bundle;

namespace Aspire.Offline.Tests.Bundle;

public sealed class BundlePackageTests
{
    [Theory]
    [InlineData("linux-x64")]
    [InlineData("linux-arm64")]
    [InlineData("linux-musl-x64")]
    [InlineData("osx-x64")]
    [InlineData("osx-arm64")]
    [InlineData("win-x64")]
    [InlineData("win-arm64")]
    public void For_PlatformOfTheRelease_IsItsPackage(string platform) =>
        Assert.Equal($"@microsoft/aspire-cli-{platform}@{Repository.AspireVersion}", BundlePackage.For(platform)!.Id);

    [Theory]
    [InlineData("linux-musl-arm64")]
    [InlineData("linux-arm")]
    [InlineData("freebsd-x64")]
    public void For_PlatformWithoutAPackage_IsNull(string platform) => Assert.Null(BundlePackage.For(platform));

    [Fact]
    public void For_LinuxX64_HasAPinnedHash() => Assert.Matches("^sha512-[A-Za-z0-9+/]{86}==$", BundlePackage.For("linux-x64")!.Integrity!);

    [Theory]
    [InlineData("linux-x64", "linux-x64")]
    [InlineData("linux-arm64", "linux-arm64")]
    [InlineData("linux-musl-x64", "linux-musl-x64")]
    [InlineData("ubuntu.24.04-x64", "linux-x64")]
    [InlineData("fedora.42-arm64", "linux-arm64")]
    [InlineData("alpine.3.22-x64", "linux-musl-x64")]
    public void PlatformOnLinux_RuntimeIdentifier_IsThatOfThePackage(string runtimeIdentifier, string platform) =>
        Assert.Equal(platform, BundlePackage.PlatformOnLinux(runtimeIdentifier));
}
