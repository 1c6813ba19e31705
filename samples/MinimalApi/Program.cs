// An API limited per user and per address: policies in appsettings.json, buckets in Redis, one decision for each request.
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.BearerToken;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.Services.AddAuthentication(BearerTokenDefaults.AuthenticationScheme).AddBearerToken();
builder.Services.AddAuthorization();

builder.AddRedisRateLimiter("redis");
builder.Services.AddRateLimiter(options => options.AddRedisPolicy("api", policy => policy.PerAddress("address").PerUser("user")));

WebApplication app = builder.Build();
app.UseAuthentication();
app.UseAuthorization();
app.UseRateLimiter();

// Signs in without a password, for the sample only. It is limited by address, since the user is not signed in yet.
app.MapPost("/login/{name}", (string name) =>
{
    ClaimsIdentity identity = new([new Claim(ClaimTypes.NameIdentifier, name)], BearerTokenDefaults.AuthenticationScheme);
    return Results.SignIn(new ClaimsPrincipal(identity), authenticationScheme: BearerTokenDefaults.AuthenticationScheme);
}).RequireRateLimiting("api");

app.MapGet("/hello", (ClaimsPrincipal user) => $"Hello, {user.FindFirstValue(ClaimTypes.NameIdentifier)}.")
    .RequireAuthorization()
    .RequireRateLimiting("api");

app.Run();
