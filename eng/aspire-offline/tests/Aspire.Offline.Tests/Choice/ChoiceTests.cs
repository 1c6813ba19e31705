namespace Aspire.Offline.Tests.Choice;

/// <summary>Which Aspire the first plain restore of a fresh clone takes, what it says, and what it remembers.</summary>
public sealed class ChoiceTests
{
    private static readonly string Packages = $"Aspire {Repository.AspireVersion}: the package sources have it; building with the packages.";
    private static readonly string StandIn = $"Aspire {Repository.AspireVersion}: no package source has it; building with the stand-in in eng/aspire-offline";

    [Fact]
    public async Task Build_SourceHasThePackages_TakesThemAndLeavesTheStandInUnbuilt()
    {
        using var clone = new FreshClone(PackageSource.WithAspire);

        var first = await clone.DotNetAsync("build", FreshClone.Solution);
        var second = await clone.DotNetAsync("restore", FreshClone.Service);

        Assert.True(first.ExitCode == 0, first.Output);
        Assert.Contains(Packages, first.Output, StringComparison.Ordinal);
        Assert.Equal("nuget", clone.RestoredFrom(FreshClone.Service));
        Assert.False(clone.StandInIsBuilt);
        Assert.True(second.ExitCode == 0, second.Output);
        Assert.DoesNotContain($"Aspire {Repository.AspireVersion}:", second.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Build_SourceLacksThePackages_TakesTheStandInUntilAnotherSourceHasThem()
    {
        using var clone = new FreshClone(PackageSource.Empty);

        var lacking = await clone.DotNetAsync("build", FreshClone.AppHost);
        clone.UsePackageSources(PackageSource.Unreachable);
        var unreachable = await clone.DotNetAsync("restore", FreshClone.Service);
        var origin = clone.RestoredFrom(FreshClone.Service);
        clone.UsePackageSources(PackageSource.WithAspire);
        var having = await clone.DotNetAsync("restore", FreshClone.Solution);

        Assert.True(lacking.ExitCode == 0, lacking.Output);
        Assert.Contains(StandIn, lacking.Output, StringComparison.Ordinal);
        Assert.True(clone.StandInIsBuilt);
        Assert.True(unreachable.ExitCode == 0, unreachable.Output);
        Assert.Equal("offline", origin);
        Assert.True(having.ExitCode == 0, having.Output);
        Assert.Contains(Packages, having.Output, StringComparison.Ordinal);
        Assert.Equal("nuget", clone.RestoredFrom(FreshClone.Service));
    }

    [Theory]
    [InlineData(PackageSource.Unreachable)]
    [InlineData(PackageSource.Empty, PackageSource.Unreachable)]
    public async Task Restore_ASourceIsUnreachable_SaysSoAndRemembersNothing(params PackageSource[] sources)
    {
        using var clone = new FreshClone(sources);

        var unreachable = await clone.DotNetAsync("restore", FreshClone.AppHost);
        var remembered = clone.Choice;
        clone.UsePackageSources(PackageSource.WithAspire);
        var reachable = await clone.DotNetAsync("restore", FreshClone.AppHost);

        Assert.NotEqual(0, unreachable.ExitCode);
        Assert.Contains("at least one did not answer. Nothing was remembered", unreachable.Output, StringComparison.Ordinal);
        Assert.Null(remembered);
        Assert.True(reachable.ExitCode == 0, reachable.Output);
        Assert.Equal("nuget", clone.RestoredFrom(FreshClone.Service));
    }

    [Fact]
    public async Task Build_PackagesForcedAndSourceLacksThem_FailsWithOnePlainSentence()
    {
        using var clone = new FreshClone(PackageSource.Empty);

        var (exitCode, output) = await clone.DotNetAsync("build", FreshClone.AppHost, "-p:AspirePackages=nuget");

        Assert.NotEqual(0, exitCode);
        Assert.Contains($"AspirePackages=nuget, but no package source of this machine has Aspire {Repository.AspireVersion}", output, StringComparison.Ordinal);
        Assert.DoesNotContain("NU1101", output, StringComparison.Ordinal);
        Assert.Null(clone.Choice);
    }

    [Fact]
    public async Task Restore_StandInForced_TakesItAndAsksNobody()
    {
        using var clone = new FreshClone(PackageSource.WithAspire);

        var (exitCode, output) = await clone.DotNetAsync("restore", FreshClone.AppHost, "-p:AspirePackages=offline");

        Assert.True(exitCode == 0, output);
        Assert.Equal("offline", clone.RestoredFrom(FreshClone.Service));
        Assert.Null(clone.Choice);
    }

    [Fact]
    public async Task Restore_UnknownValue_SaysWhichThereAre()
    {
        using var clone = new FreshClone(PackageSource.Empty);

        var (exitCode, output) = await clone.DotNetAsync("restore", FreshClone.Service, "-p:AspirePackages=yes");

        Assert.NotEqual(0, exitCode);
        Assert.Contains("AspirePackages is 'yes'; it must be 'nuget'", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restore_SeveralAtOnce_AllSucceedAndAgree()
    {
        using var clone = new FreshClone(PackageSource.WithAspire);

        var results = await Task.WhenAll(clone.DotNetAsync("restore", FreshClone.Service), clone.DotNetAsync("restore", FreshClone.AppHost));

        Assert.All(results, result => Assert.True(result.ExitCode == 0, result.Output));
        Assert.Contains("<AspireAnswer>nuget</AspireAnswer>", clone.Choice, StringComparison.Ordinal);
        Assert.Equal("nuget", clone.RestoredFrom(FreshClone.Service));
    }
}
