using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;
using OpenClaw.RatingApi.OpenApi;
using OpenClaw.RatingApi.Ratings;

namespace OpenClaw.RatingApi;

/// <summary>The rating API, from Kestrel to its routes.</summary>
internal static class RatingApplication
{
    /// <summary>Builds the service; it does not listen before it is started.</summary>
    public static WebApplication Create(string[] args)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(args);

        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.AddServiceDefaults();
        builder.Services.AddOptions<RatingOptions>().BindConfiguration(RatingOptions.Section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<RatingOptions>, RatingOptionsValidator>();
        builder.Services.AddSingleton<RatingStore>();
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, RatingJsonContext.Default);
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
        });
        builder.Services.AddProblemDetails();
        builder.Services.AddRatingApiDescription();

        WebApplication app = builder.Build();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.MapDefaultEndpoints();
        app.MapOpenApi();
        if (app.Environment.IsDevelopment())
        {
            app.MapApiPage();
        }

        app.MapRatings();
        return app;
    }
}
