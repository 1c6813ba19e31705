using Microsoft.Extensions.Options;

namespace OpenClaw.Console.Options;

/// <summary>Registers the settings.</summary>
internal static class ConsoleOptionsRegistration
{
    /// <summary>Reads the settings and validates them at start.</summary>
    public static void AddConsoleOptions(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<ConsoleOptions>().ValidateOnStart();
        builder.Services.AddSingleton<IOptionsFactory<ConsoleOptions>, ConsoleOptionsFactory>();
        builder.Services.AddSingleton<IValidateOptions<ConsoleOptions>, ConsoleOptionsValidator>();
    }
}
