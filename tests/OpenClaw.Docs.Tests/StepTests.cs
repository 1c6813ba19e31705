namespace OpenClaw.Docs.Tests;

public sealed class StepTests
{
    [Theory]
    [InlineData("200\n", "200\n", true)]
    [InlineData("200\n", "HTTP\n200\n", false)]
    [InlineData("200\n", "2000\n", false)]
    [InlineData("a … c\n", "a b c", true)]
    [InlineData("a … c\n", "a b\nc", false)]
    [InlineData("Date: …\nX: 1\n", "Date: now\r\nX: 1\r\n", true)]
    [InlineData("a\n…\n", "a", true)]
    [InlineData("a\n…\n", "a\nb\nc\n", true)]
    [InlineData("a\n…\n", "b", false)]
    [InlineData("q=20;w=4 (.*)", "q=20;w=4 x", false)]
    public void Accepts_AnAnswer_ComparesItWithWhatIsShown(string shown, string answer, bool isAccepted) =>
        Assert.Equal(isAccepted, new Step("", shown).Accepts(answer));
}
