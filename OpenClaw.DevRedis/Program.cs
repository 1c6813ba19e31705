using Microsoft.Extensions.Options;
using OpenClaw.DevRedis.Health;
using OpenClaw.DevRedis.Hosting;

HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);

builder.AddServiceDefaults();
builder.Services.AddOptions<DevRedisOptions>()
    .Configure<IConfiguration>((options, configuration) => options.Read(configuration.GetSection(DevRedisOptions.Section)))
    .ValidateOnStart();
builder.Services.AddSingleton<IValidateOptions<DevRedisOptions>, DevRedisOptionsValidator>();
builder.Services.AddSingleton<IHostedService>(provider =>
    provider.GetRequiredService<IOptions<DevRedisOptions>>().Value.Server != ServerKind.Garnet && InstalledRedis.Find() is { } program
        ? ActivatorUtilities.CreateInstance<InstalledRedisService>(provider, program)
        : ActivatorUtilities.CreateInstance<GarnetService>(provider));
builder.Services.AddHealthChecks().AddCheck<PingHealthCheck>("redis");

IHost host = builder.Build();
ILogger logger = host.Services.GetRequiredService<ILoggerFactory>().CreateLogger(builder.Environment.ApplicationName);

try
{
    await host.RunAsync();
    return Environment.ExitCode;
}
catch (Exception e) when (e is DevRedisStartException or OptionsValidationException or IOException
    or AggregateException { InnerException: OptionsValidationException })
{
    Log.CannotStart(logger, e.Message);
    return 1;
}
