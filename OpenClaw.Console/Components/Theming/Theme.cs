using MudBlazor;

namespace OpenClaw.Console.Components.Theming;

/// <summary>Colours and fonts. Every text colour has a contrast of at least 4.5 : 1 on the surfaces it is used on.</summary>
internal static class Theme
{
    private static readonly string[] Font = ["Inter", "system-ui", "Segoe UI", "Roboto", "sans-serif"];

    public static MudTheme Create() => new()
    {
        PaletteLight = new PaletteLight
        {
            Primary = "#4338ca",
            PrimaryContrastText = "#ffffff",
            Secondary = "#475569",
            Error = "#b91c1c",
            Warning = "#92400e",
            Success = "#166534",
            Info = "#1d4ed8",
            Background = "#f7f7f8",
            Surface = "#ffffff",
            TextPrimary = "#1c1e21",
            TextSecondary = "#55595f",
            ActionDefault = "#4b4f55",
            LinesDefault = "#dfe1e5",
            LinesInputs = "#8a8f98",
            Divider = "#dfe1e5",
            TableLines = "#e6e8eb",
            TableHover = "#f3f4f6",
            DrawerBackground = "#ffffff",
            OverlayDark = "rgba(20,22,26,0.45)",
        },
        PaletteDark = new PaletteDark
        {
            Primary = "#a5b4fc",
            PrimaryContrastText = "#14161a",
            Secondary = "#94a3b8",
            Error = "#fca5a5",
            ErrorContrastText = "#14161a",
            Warning = "#fcd34d",
            WarningContrastText = "#14161a",
            Success = "#86efac",
            SuccessContrastText = "#14161a",
            Info = "#93c5fd",
            Background = "#16181c",
            Surface = "#1e2126",
            TextPrimary = "#e8eaed",
            TextSecondary = "#a8adb5",
            ActionDefault = "#b6bac1",
            LinesDefault = "#33373e",
            LinesInputs = "#7a808a",
            Divider = "#33373e",
            TableLines = "#2b2f36",
            TableHover = "#262a30",
            DrawerBackground = "#1e2126",
            OverlayDark = "rgba(0,0,0,0.6)",
        },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = Font, FontSize = ".875rem" },
            Button = new ButtonTypography { FontFamily = Font, FontSize = ".8125rem", TextTransform = "none", LetterSpacing = "0" },
            H6 = new H6Typography { FontFamily = Font, FontSize = "1rem", FontWeight = "600" },
        },
    };
}
