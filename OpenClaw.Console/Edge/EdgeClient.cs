using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Text;
using Microsoft.AspNetCore.Components.Authorization;
using OpenClaw.Console.Edge.Model;
using OpenClaw.Console.SignIn;

namespace OpenClaw.Console.Edge;

/// <summary>The edge's admin API, called for the operator who is signed in. Every method throws an <see cref="EdgeException"/> when the
/// edge does not answer or the call fails.</summary>
internal sealed class EdgeClient(EdgeConnection edge, AuthenticationStateProvider authentication, Sessions sessions)
{
    private const string OperatorHeader = "X-Operator";

    public Task<TopClients> GetTopAsync(string by, string window, int count, CancellationToken cancellation) =>
        edge.GetAsync<TopClients>($"usage/top?by={by}&window={window}&count={count}", cancellation);

    public async Task<IReadOnlyList<Policy>> GetPoliciesAsync(CancellationToken cancellation) =>
        await edge.GetAsync<Policy[]>("policies", cancellation);

    public async Task<IReadOnlyList<KnownClient>> GetClientsAsync(CancellationToken cancellation) =>
        await edge.GetAsync<KnownClient[]>("clients", cancellation);

    public Task<KnownClient> GetClientAsync(string id, CancellationToken cancellation) =>
        edge.GetAsync<KnownClient>($"clients/{Uri.EscapeDataString(id)}", cancellation);

    public Task<AccessLists> GetListsAsync(CancellationToken cancellation) => edge.GetAsync<AccessLists>("lists", cancellation);

    public async Task<IReadOnlyList<Partition>> GetBucketsAsync(string? client, string? address, CancellationToken cancellation) =>
        await edge.GetAsync<Partition[]>($"buckets{Query(("client", client), ("address", address))}", cancellation);

    /// <summary>Changes buckets.</summary>
    /// <param name="action">reset, grant, block or unblock.</param>
    /// <param name="change">Target and amount.</param>
    /// <param name="cancellation">Stops waiting; the change may still be made.</param>
    /// <returns>The buckets after the change.</returns>
    public async Task<IReadOnlyList<Partition>> ChangeAsync(string action, BucketChange change, CancellationToken cancellation)
    {
        using HttpResponseMessage response = await PostAsync(
            $"buckets/{action}", JsonContent.Create(change, options: EdgeConnection.Json), cancellation);
        return await EdgeConnection.ReadAsync<Partition[]>(response, cancellation);
    }

    public async Task<TrialResult> TryAsync(Trial trial, CancellationToken cancellation)
    {
        using HttpResponseMessage response = await PostAsync("try", JsonContent.Create(trial, options: EdgeConnection.Json), cancellation);
        return await EdgeConnection.ReadAsync<TrialResult>(response, cancellation);
    }

    public Task<EventPage> GetEventsAsync(
        string? client, string? address, string? type, string? before, int count, CancellationToken cancellation) =>
        edge.GetAsync<EventPage>(
            $"events{Query(("client", client), ("address", address), ("type", type), ("before", before), ("count", $"{count}"))}",
            cancellation);

    public Task<FailedDeliveries> GetFailedDeliveriesAsync(int count, CancellationToken cancellation) =>
        edge.GetAsync<FailedDeliveries>($"deliveries/failed?count={count}", cancellation);

    public async Task RetryDeliveryAsync(string streamId, CancellationToken cancellation) =>
        (await PostAsync($"deliveries/failed/{Uri.EscapeDataString(streamId)}/retry", null, cancellation)).Dispose();

    public async Task DiscardDeliveryAsync(string streamId, CancellationToken cancellation) =>
        (await PostAsync($"deliveries/failed/{Uri.EscapeDataString(streamId)}/discard", null, cancellation)).Dispose();

    public Task<AuditPage> GetAuditAsync(string? before, int count, CancellationToken cancellation) =>
        edge.GetAsync<AuditPage>($"audit{Query(("before", before), ("count", $"{count}"))}", cancellation);

    /// <summary>Reads the rules document in Redis. Returns an empty document when there is none.</summary>
    public async Task<RulesText> GetRulesAsync(CancellationToken cancellation)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "rules");
        try
        {
            using HttpResponseMessage response = await edge.SendAsync(request, cancellation);
            string? inForce = response.Headers.TryGetValues("X-Rules-In-Force", out IEnumerable<string>? values) ? values.First() : null;
            return new RulesText(response.Headers.ETag?.Tag.Trim('"'), inForce, await response.Content.ReadAsStringAsync(cancellation));
        }
        catch (EdgeException exception) when (exception.Failure == EdgeFailure.NotFound)
        {
            return new RulesText(null, null, "{}");
        }
    }

    /// <summary>Checks a document.</summary>
    /// <returns>Every error; empty when it is valid.</returns>
    public async Task<IReadOnlyList<string>> CheckRulesAsync(string document, CancellationToken cancellation)
    {
        try
        {
            (await PostAsync("rules/check", ToContent(document), cancellation)).Dispose();
            return [];
        }
        catch (EdgeException exception) when (exception.Failure == EdgeFailure.Invalid)
        {
            return exception.Errors.Count > 0 ? exception.Errors : [exception.Message];
        }
    }

    /// <summary>Replaces the document, if <paramref name="version"/> is still the one in Redis.</summary>
    /// <param name="document">The new document.</param>
    /// <param name="version">The version that it replaces; null: there is none.</param>
    /// <param name="reason">Reason for the audit trail; null or blank for none.</param>
    /// <param name="cancellation">Stops waiting; the change may still be made.</param>
    /// <returns>The new version.</returns>
    public async Task<string> ReplaceRulesAsync(string document, string? version, string? reason, CancellationToken cancellation)
    {
        string path = string.IsNullOrWhiteSpace(reason) ? "rules" : $"rules?reason={Uri.EscapeDataString(reason.Trim())}";
        using HttpRequestMessage request = new(HttpMethod.Put, path) { Content = ToContent(document) };
        if (version is null)
        {
            request.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Any);
        }
        else
        {
            request.Headers.IfMatch.Add(new EntityTagHeaderValue($"\"{version}\""));
        }

        await NameOperatorAsync(request);
        using HttpResponseMessage response = await edge.SendAsync(request, cancellation);
        return (await EdgeConnection.ReadAsync<WrittenRules>(response, cancellation)).Version;
    }

    public Task<RulesVersions> GetRulesVersionsAsync(CancellationToken cancellation) =>
        edge.GetAsync<RulesVersions>("rules/versions", cancellation);

    public async Task<string> GetRulesVersionAsync(string version, CancellationToken cancellation)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, $"rules/versions/{Uri.EscapeDataString(version)}");
        using HttpResponseMessage response = await edge.SendAsync(request, cancellation);
        return await response.Content.ReadAsStringAsync(cancellation);
    }

    public Task<System.Text.Json.JsonElement> GetRulesSchemaAsync(CancellationToken cancellation) =>
        edge.GetAsync<System.Text.Json.JsonElement>("rules/schema", cancellation);

    private async Task<HttpResponseMessage> PostAsync(string path, HttpContent? content, CancellationToken cancellation)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, path) { Content = content };
        await NameOperatorAsync(request);
        return await edge.SendAsync(request, cancellation);
    }

    private async Task NameOperatorAsync(HttpRequestMessage request)
    {
        ClaimsPrincipal user = (await authentication.GetAuthenticationStateAsync()).User;
        if (!sessions.IsValid(user))
        {
            // The page is about to show that it is signed out.
            throw new EdgeException(EdgeFailure.SignedOut, "Your sign-in has ended, so nothing was sent. Sign in again.");
        }

        string name = Operator.NameOf(user);
        if (name != Operator.Unnamed)
        {
            request.Headers.TryAddWithoutValidation(OperatorHeader, name);
        }
    }

    private static StringContent ToContent(string document) => new(document, Encoding.UTF8, "application/json");

    private static string Query(params ReadOnlySpan<(string Name, string? Value)> parameters)
    {
        StringBuilder query = new();
        foreach ((string name, string? value) in parameters)
        {
            if (!string.IsNullOrEmpty(value))
            {
                query.Append(query.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
            }
        }

        return query.ToString();
    }

    private sealed record WrittenRules(string Version);
}
