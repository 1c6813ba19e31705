using OpenClaw.Edge.Rules;

namespace OpenClaw.Edge.Tests.Rules;

public sealed class RulesVersionTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 28, 7, 30, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("1", "2")]
    [InlineData("9", "10")]
    [InlineData("99999999999999999999999998", "99999999999999999999999999")]
    [InlineData("7", "7.1")]
    [InlineData("v1.9", "v1.10")]
    [InlineData("bad", "good")]
    [InlineData("7", "20261128T073000.0000000Z")]
    [InlineData("20261128T073000.0000000Z", "20261128T073000.0000001Z")]
    [InlineData("20261128T073000.0000000Z", "20261128T073000.0000000Z.1")]
    [InlineData("007", "7")]
    public void Compare_OlderAndNewer_InThatOrder(string older, string newer)
    {
        Assert.True(RulesVersion.Compare(older, newer) < 0);
        Assert.True(RulesVersion.Compare(newer, older) > 0);
        Assert.Equal(0, RulesVersion.Compare(newer, newer));
    }

    [Theory]
    [InlineData(null, "20261128T073000.0000000Z")]
    [InlineData("7", "20261128T073000.0000000Z")]
    [InlineData("20261128T073000.0000000Z", "20261128T073000.0000000Z.1")]
    [InlineData("20301231T000000.0000000Z.9", "20301231T000000.0000000Z.10")]
    [InlineData("99999999999999999999", "100000000000000000000")]
    [InlineData("good", "good.1")]
    [InlineData("v9", "v10")]
    [InlineData("not a version", "20261128T073000.0000000Z")]
    [InlineData("feedfacefeedfacefeedfacefeedfacefeedfacefeedfacefeedfacefeedface", "feedfacefeedfacefeedfacefeedfacf")]
    [InlineData("a0b1c2d3a0b1c2d3a0b1c2d3a0b1c2d3a0b1c2d3a0b1c2d3a0b1c2d3a0b1c2d/", "a0b1c2d3a0b1c2d3a0b1c2d3a0b1c2dA")]
    [InlineData("zzzzzzzzzzzzzzzzzzzzzzzzzzzzYzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz", "zzzzzzzzzzzzzzzzzzzzzzzzzzzzZ")]
    [InlineData("zzzzzzzzzzzzzzzzzzzzzzzzzzzzZzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz", "zzzzzzzzzzzzzzzzzzzzzzzzzzzza")]
    [InlineData("9999999999999999999999999999999999999999999999999999999999999999", "A")]
    [InlineData("v:99999999999999999999999999999999999999999999999999999999999999", "v:A")]
    [InlineData(
        "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz",
        "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz.1")]
    public void Newest_OverAnother_IsNewer(string? other, string expected)
    {
        string? version = RulesVersion.Newest(Now, "1", other, null);

        Assert.Equal(expected, version);
        Assert.True(RulesVersion.IsValid(version!));
        Assert.True(other is null || !RulesVersion.IsValid(other) || RulesVersion.Compare(version!, other) > 0);
    }

    [Theory]
    [InlineData(63)]
    [InlineData(64)]
    public void Newest_OverTheGreatest_Null(int length) => Assert.Null(RulesVersion.Newest(Now, new string('z', length), "1"));

    [Fact]
    public void Newest_AgainAndAgain_StaysValidAndNewer()
    {
        Random random = new(7);
        const string Characters = "09AZaz-_.:+/";
        for (int i = 0; i < 2_000; i++)
        {
            string version = new([.. Enumerable.Range(0, 58 + (i % 7)).Select(_ => Characters[random.Next(Characters.Length)])]);
            for (int next = 0; next < 20; next++)
            {
                string newer = RulesVersion.Newest(Now, version)!;
                Assert.True(RulesVersion.IsValid(newer), $"{newer} after {version}");
                Assert.True(RulesVersion.Compare(newer, version) > 0, $"{newer} after {version}");
                version = newer;
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a\"b")]
    [InlineData("a\nb")]
    [InlineData("\u00e9")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345")]
    public void IsValid_WhatCannotStandInAHeader_False(string text) => Assert.False(RulesVersion.IsValid(text));
}
