using Microsoft.Extensions.Options;
using OpenClaw.DevRedis.Health;
using OpenClaw.DevRedis.Hosting;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
builder.Services.AddOptions<DevRedisOptions>()
    .Configure<IConfiguration>((options, configuration) => options.Read(configuration.GetSection(DevRedisOptions.Section)))
    .ValidateOnStart();
builder.Services.AddSingleton<IValidateOptions<DevRedisOptions>, DevRedisOptionsValidator>();
builder.Services.AddHostedService<GarnetService>();
builder.Services.AddHealthChecks().AddCheck<PingHealthCheck>("redis");

WebApplication app = builder.Build();
app.MapDefaultEndpoints();

try
{
    await app.RunAsync();
    return 0;
}
catch (Exception e) when (e is DevRedisStartException or OptionsValidationException)
{
    Log.CannotStart(app.Logger, e.Message);
    return 1;
}
