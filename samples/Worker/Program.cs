// Calls an external API no faster than it allows. All workers on the same Redis share the limit.
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Worker;

HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
builder.AddRedisRateLimiter("redis");
builder.Services.AddSingleton<HttpClient>();
builder.Services.AddHostedService<PartnerCalls>();
builder.Build().Run();
