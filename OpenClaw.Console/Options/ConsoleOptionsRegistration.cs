using Microsoft.Extensions.Options;

namespace OpenClaw.Console.Options;

/// <summary>Registers the settings.</summary>
internal static class ConsoleOptionsRegistration
{
    /// <summary>Binds the settings and validates them at start.</summary>
    public static void AddConsoleOptions(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<ConsoleOptions>().BindConfiguration(ConsoleOptions.Section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<ConsoleOptions>, ConsoleOptionsValidator>();
    }
}
