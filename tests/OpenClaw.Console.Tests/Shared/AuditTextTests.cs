using OpenClaw.Console.Components.Shared;

namespace OpenClaw.Console.Tests.Shared;

public sealed class AuditTextTests
{
    [Theory]
    [InlineData("for 00:00:30", "for 30 s")]
    [InlineData("for 00:10:00", "for 10 min")]
    [InlineData("for 02:00:00", "for 2 h")]
    [InlineData("for 1.12:00:00", "for 1 day 12 h")]
    [InlineData("for 00:00:01.5000000", "for 1.5 s")]
    [InlineData("for now", "for now")]
    [InlineData("20 tokens", "20 tokens")]
    [InlineData(null, null)]
    public void Detail_OfAnEntry_IsReadable(string? recorded, string? shown) => Assert.Equal(shown, AuditText.Detail(recorded));
}
