using OpenClaw.ServiceDefaults.Configuration;
using Xunit;

namespace OpenClaw.ServiceDefaults.Tests.Configuration;

public sealed class SettingTextTests
{
    [Theory]
    [InlineData("https://user:secret@example.com/hook", "https://…@example.com/hook")]
    [InlineData("https://secret@example.com", "https://…@example.com")]
    [InlineData("https://user:sec@ret@example.com", "https://…@example.com")]
    [InlineData("https://example.com/hook?token=secret", "https://example.com/hook?…")]
    [InlineData("https://user:sec?ret@example.com/hook?token=secret", "https://…@example.com/hook?…")]
    [InlineData("user:secret@host:99999", "…@host:99999")]
    [InlineData("mailto:anna@example.com", "…@example.com")]
    [InlineData("anna@example", "anna@example")]
    [InlineData("host:80", "host:80")]
    [InlineData("what?", "what?")]
    public void Shown_Url_HasNoUserInformationAndQuery(string text, string shown) => Assert.Equal(shown, SettingText.Shown(text));

    [Fact]
    public void Shown_LongText_IsShortened() => Assert.Equal(new string('a', 64) + "…", SettingText.Shown(new string('a', 65)));
}
