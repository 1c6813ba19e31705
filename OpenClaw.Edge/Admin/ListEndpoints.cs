using Microsoft.AspNetCore.Http.HttpResults;
using OpenClaw.Edge.Rules;

namespace OpenClaw.Edge.Admin;

/// <summary>The endpoint that shows the allow and deny lists in force.</summary>
internal static class ListEndpoints
{
    public static void MapLists(this IEndpointRouteBuilder admin) =>
        admin.MapGet("/lists", Get).WithSummary("The allow and deny lists in force.");

    private static Ok<ListsView> Get(EdgeRulesStore store)
    {
        EdgeRules rules = store.Current;
        return TypedResults.Ok(new ListsView(View(rules.Allow), View(rules.Deny)));
    }

    private static ListView View(AccessList list) => new(list.Networks, [.. list.Clients.Order(StringComparer.Ordinal)]);

    /// <summary>Both lists. The deny list takes precedence.</summary>
    internal sealed record ListsView(ListView Allow, ListView Deny);

    /// <summary>A list.</summary>
    internal sealed record ListView(IReadOnlyList<string> Networks, IReadOnlyList<string> Clients);
}
