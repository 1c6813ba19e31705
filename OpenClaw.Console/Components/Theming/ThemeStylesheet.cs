using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using MudBlazor;

namespace OpenClaw.Console.Components.Theming;

/// <summary>The theme as a separate style sheet. The library's provider would write it into the page, which the content security policy
/// forbids. Here the provider is rendered once, at start.</summary>
internal sealed partial class ThemeStylesheet
{
    public ThemeStylesheet(IServiceProvider services, ILoggerFactory loggers)
    {
        using IServiceScope scope = services.CreateScope();
        string light = Render(scope.ServiceProvider, loggers, isDark: false);
        string dark = Render(scope.ServiceProvider, loggers, isDark: true);
        Text = $$"""
            :root { {{light}} color-scheme: light; }
            :root[data-theme="dark"] { {{dark}} color-scheme: dark; }
            @media (prefers-color-scheme: dark) { :root:not([data-theme="light"]) { {{dark}} color-scheme: dark; } }

            """;
    }

    /// <summary>The style sheet: light, or dark according to the system or the user's choice.</summary>
    public string Text { get; }

    private static string Render(IServiceProvider services, ILoggerFactory loggers, bool isDark)
    {
        using HtmlRenderer renderer = new(services, loggers);
        ParameterView parameters = ParameterView.FromDictionary(new Dictionary<string, object?>
        {
            [nameof(MudThemeProvider.Theme)] = Theme.Create(),
            [nameof(MudThemeProvider.IsDarkMode)] = isDark,
        });
        string html = renderer.Dispatcher.InvokeAsync(
            async () => (await renderer.RenderComponentAsync<MudThemeProvider>(parameters)).ToHtmlString()).GetAwaiter().GetResult();
        StringBuilder variables = new();
        foreach (Match variable in Variables().Matches(html))
        {
            variables.Append(variable.Value);
        }

        return variables.ToString();
    }

    [GeneratedRegex(@"--mud-[\w-]+: [^;<]+;")]
    private static partial Regex Variables();
}
