using Microsoft.Extensions.Options;
using OpenClaw.RatingApi.Ratings;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
builder.Services.AddOptions<RatingOptions>().BindConfiguration(RatingOptions.Section).ValidateOnStart();
builder.Services.AddSingleton<IValidateOptions<RatingOptions>, RatingOptionsValidator>();
builder.Services.AddSingleton<RatingStore>();
builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, RatingJsonContext.Default));
builder.Services.AddProblemDetails();
builder.Services.AddOpenApi();

WebApplication app = builder.Build();
app.UseExceptionHandler();
app.UseStatusCodePages();
app.MapDefaultEndpoints();
app.MapOpenApi();
app.MapRatings();
app.Run();
