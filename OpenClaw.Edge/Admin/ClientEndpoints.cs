using Microsoft.AspNetCore.Http.HttpResults;
using OpenClaw.Edge.Identity;
using OpenClaw.Edge.Options;
using OpenClaw.Edge.Policies;
using OpenClaw.Edge.Rules;

namespace OpenClaw.Edge.Admin;

/// <summary>Endpoints that list known clients. Key hashes are not shown.</summary>
internal static class ClientEndpoints
{
    public static void MapClients(this IEndpointRouteBuilder admin)
    {
        admin.MapGet("/clients", List).WithSummary("All known clients.");
        admin.MapGet("/clients/{id}", Get).WithSummary("One known client.").ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static Ok<ClientView[]> List(EdgeRulesStore store) => TypedResults.Ok<ClientView[]>(
        [.. store.Current.Clients.All.OrderBy(client => client.Id, StringComparer.Ordinal).Select(client => View(store.Current, client))]);

    private static Results<Ok<ClientView>, ProblemHttpResult> Get(string id, EdgeRulesStore store) =>
        store.Current.Clients.FindById(id) is { } client
            ? TypedResults.Ok(View(store.Current, client))
            : TypedResults.Problem(statusCode: StatusCodes.Status404NotFound, detail: $"There is no client '{id}'.");

    private static ClientView View(EdgeRules rules, Client client) => new(
        client.Id, client.Tier?.Name, client.Enabled, client.Contacts, RulesSource.Of(rules, nameof(RulesOptions.Clients), client.Id));

    /// <summary>A known client.</summary>
    /// <param name="Id">Its id.</param>
    /// <param name="Tier">Its tier; null for none.</param>
    /// <param name="Enabled">False: its requests are refused.</param>
    /// <param name="Contacts">Contacts to notify of its events; null for none.</param>
    /// <param name="Source"><c>configuration</c> or <c>redis</c>.</param>
    internal sealed record ClientView(string Id, string? Tier, bool Enabled, Contacts? Contacts, string Source);
}
