using System.Text.Json;

namespace OpenClaw.AppHost;

/// <summary>Executes the edge's commands.</summary>
internal sealed class EdgeCommands(EndpointReference edge, AdminApi admin)
{
    /// <summary>Requests in a burst: twice the burst capacity of the sample client.</summary>
    public const int BurstSize = 40;

    // Requests from this machine are also charged to one of these.
    private static readonly string[] OwnAddresses = ["127.0.0.1", "::1"];

    private readonly Lock _lock = new();
    private Task<ExecuteCommandResult>? _burst;

    /// <summary>Sends one burst at a time: a command on a resource with replicas is executed for each of them.</summary>
    public Task<ExecuteCommandResult> SendBurstAsync(ExecuteCommandContext context)
    {
        lock (_lock)
        {
            return _burst is { IsCompleted: false } ? _burst : _burst = Tried(() => SendOneBurstAsync(context.CancellationToken));
        }
    }

    public Task<ExecuteCommandResult> ResetClientsAsync(ExecuteCommandContext context) => Tried(async () =>
    {
        var known = (await admin.GetAsync("clients", context.CancellationToken)).EnumerateArray()
            .Select(client => client.GetProperty("id").GetString()!).Intersect(SampleClients.Ids).ToArray();
        foreach (var client in known)
        {
            await admin.PostAsync("buckets/reset", new { client }, context.CancellationToken);
        }

        foreach (var address in OwnAddresses)
        {
            await admin.PostAsync("buckets/reset", new { address }, context.CancellationToken);
        }

        return known.Length == 0
            ? CommandResults.Failure($"None of the sample clients is configured at the edge ({string.Join(", ", SampleClients.Ids)}).")
            : Success($"The buckets of {string.Join(", ", known)} and of this machine's address are full.");
    });

    public Task<ExecuteCommandResult> ShowPoliciesAsync(ExecuteCommandContext context) => Tried(async () =>
    {
        var policies = await admin.GetAsync("policies", context.CancellationToken);
        return CommandResults.Success(
            $"{policies.GetArrayLength()} policies are in force.", PolicyTable.From(policies), CommandResultFormat.Markdown,
                displayImmediately: true);
    });

    private async Task<ExecuteCommandResult> SendOneBurstAsync(CancellationToken cancellationToken)
    {
        var burst = await Burst.SendAsync(new Uri(edge.Url), SampleClients.Key, BurstSize, cancellationToken);
        var buckets = await admin.GetAsync($"buckets?client={SampleClients.Id}", cancellationToken);
        return CommandResults.Success(burst.Summary, burst.Describe(buckets), CommandResultFormat.Markdown, displayImmediately: true);
    }

    // The dashboard shows a result, but no message.
    private static ExecuteCommandResult Success(string message) => CommandResults.Success(message, message, CommandResultFormat.Text);

    private static async Task<ExecuteCommandResult> Tried(Func<Task<ExecuteCommandResult>> command)
    {
        try
        {
            return await command();
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException or TaskCanceledException)
        {
            return CommandResults.Failure(exception.Message);
        }
    }
}
