// Tells what it was given, and does as it is told: for tests of whoever runs it.
using System.Collections;

var app = WebApplication.CreateSlimBuilder(args).Build();
var ready = !app.Configuration.GetValue<bool>("START_UNREADY");

app.MapGet("/environment", () => Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value));
app.MapGet("/pid", () => Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture));
app.MapGet("/ready", () => ready ? Results.Ok() : Results.StatusCode(StatusCodes.Status503ServiceUnavailable));
app.MapPost("/ready", () => { ready = true; });
app.MapGet("/until-stopped", async (HttpResponse response, IHostApplicationLifetime lifetime) =>
{
    var stopping = new TaskCompletionSource();
    lifetime.ApplicationStopping.Register(stopping.SetResult);
    await response.Body.FlushAsync();
    await stopping.Task;
    await response.WriteAsync("served to the end");
});
app.MapPost("/crash", (HttpResponse response) => response.OnCompleted(() => Task.Run(() => Environment.Exit(3))));
Console.WriteLine("This is stdout.");
Console.Error.WriteLine("This is stderr.");
app.Run();
