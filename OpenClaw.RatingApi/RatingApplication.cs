using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;
using OpenClaw.RatingApi.LoadBalancing;
using OpenClaw.RatingApi.OpenApi;
using OpenClaw.RatingApi.Problems;
using OpenClaw.RatingApi.Ratings;

namespace OpenClaw.RatingApi;

/// <summary>The rating API, from Kestrel to its routes.</summary>
internal static class RatingApplication
{
    /// <summary>Builds the service; it does not listen before it is started.</summary>
    public static WebApplication Create(string[] args)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(args);

        builder.AddServiceDefaults();
        builder.Services.AddOptions<RatingOptions>()
            .BindConfiguration(RatingOptions.Section)
            .Validate(options => options.MaxSubjects is >= 1 and <= 10_000_000, "Ratings:MaxSubjects must be 1 to 10000000.")
            .Validate(options => options.MaxBodyBytes is >= 64 and <= 1_048_576, "Ratings:MaxBodyBytes must be 64 to 1048576.")
            .ValidateOnStart();
        builder.Services.AddSingleton<RatingStore>();
        builder.WebHost.ConfigureKestrel((context, kestrel) =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize =
                kestrel.ApplicationServices.GetRequiredService<IOptions<RatingOptions>>().Value.MaxBodyBytes;
        });
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.AllowDuplicateProperties = false;
            json.SerializerOptions.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
            json.SerializerOptions.PropertyNameCaseInsensitive = false;
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, RatingJsonContext.Default);
        });
        builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        builder.Services.AddExceptionHandler<UnreadableRequestHandler>();
        builder.Services.AddProblemDetails(problems => problems.CustomizeProblemDetails = ValidationProblem.NameFieldsAsSent);
        builder.Services.AddValidation();
        builder.Services.AddRatingApiDescription();
        builder.Services.AddPing();

        WebApplication app = builder.Build();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.MapPing();
        app.MapOpenApi();
        if (app.Environment.IsDevelopment())
        {
            app.MapApiPage();
        }

        app.MapRatings();
        return app;
    }
}
