using System.Net;
using Microsoft.AspNetCore.Http.HttpResults;
using OpenClaw.Edge.Configuration;
using OpenClaw.Edge.Identity;
using OpenClaw.Edge.Limiting;
using OpenClaw.Edge.Networks;
using OpenClaw.Edge.Policies;
using OpenClaw.Edge.Rules;
using OpenClaw.RateLimiting;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Model;

namespace OpenClaw.Edge.Admin;

/// <summary>The endpoint that decides a hypothetical request without charging it.</summary>
internal static class TrialEndpoint
{
    public static void MapTrial(this IEndpointRouteBuilder admin) =>
        admin.MapPost("/try", Try).WithSummary("The decision that a request would get now. Nothing is charged.")
            .ProducesProblem(StatusCodes.Status400BadRequest);

    private static async Task<Results<Ok<TrialResult>, ProblemHttpResult>> Try(
        TrialRequest request, EdgeRulesStore store, KeyHasher hasher, IProxyStateLookup routes, IRateLimiterClient limiter,
        AddressReader addresses)
    {
        EdgeRules rules = store.Current;

        // JSON can omit a non-nullable member or set it to null.
        if (request.Policy is null)
        {
            return Problem($"policy is missing; it must be one of: {SettingNames.List(rules.PoliciesByName.Keys)}.");
        }

        if (!rules.PoliciesByName.TryGetValue(request.Policy, out EdgePolicy? policy))
        {
            return Problem($"There is no policy '{request.Policy}'; there are: {SettingNames.List(rules.PoliciesByName.Keys)}.");
        }

        if (request.Address is null)
        {
            return Problem("address is missing; it must be an IP address.");
        }

        if (request.Method is null)
        {
            return Problem("method is null; it must be a request method, or be left out for GET.");
        }

        if (!addresses.TryRead(request.Address, out IPAddress address, out ClientAddress sender, out string malformed))
        {
            return Problem(malformed);
        }

        Client? client = request.Client is null ? null : rules.Clients.FindById(request.Client);
        if (request.Client is not null && client is null)
        {
            return Problem($"There is no client '{request.Client}'.");
        }

        RouteModel? route = null;
        if (request.Route is null ? policy.PartitionBy == PartitionKind.Route : !routes.TryGetRoute(request.Route, out route))
        {
            string routeIds = SettingNames.List(routes.GetRoutes().Select(known => known.Config.RouteId));
            return Problem(request.Route is null
                ? $"route is missing; the policy is by route. The routes are: {routeIds}."
                : $"There is no route '{request.Route}'; there are: {routeIds}.");
        }

        string? routeId = route?.Config.RouteId;
        long cost = request.Cost ?? policy.Cost.OfRoute(routeId ?? "") ?? policy.Cost.OfMethod(request.Method);
        if (cost is < 0 or > CostRules.Max)
        {
            return Problem($"cost is {cost}; it must be 0 to {CostRules.Max}.");
        }

        if (rules.Deny.Contains(address, client) || client is { Enabled: false })
        {
            return TypedResults.Ok(new TrialResult(false, "denied", cost, null, []));
        }

        if (rules.Allow.Contains(address, client))
        {
            return TypedResults.Ok(new TrialResult(true, "exempt", cost, null, []));
        }

        RequestIdentity identity = RequestIdentity.Of(address, sender, client);
        string? partition = RouteOrHeaderPartition(policy, request, routeId, hasher);
        RequestCharges charges = RequestCharges.Create(rules, policy, identity, partition, cost);
        return TypedResults.Ok(ResultOf(await charges.Probe().DecideAsync(limiter), charges));
    }

    private static string? RouteOrHeaderPartition(EdgePolicy policy, TrialRequest request, string? routeId, KeyHasher hasher) =>
        policy.PartitionBy switch
        {
            PartitionKind.Route => PartitionNames.OfRoute(routeId!),
            PartitionKind.Header when request.Header is not null => hasher.Pseudonym(PartitionNames.HeaderPrefix, request.Header),
            _ => null,
        };

    private static TrialResult ResultOf(RateLimitDecision decision, RequestCharges charges)
    {
        TimeSpan wait = decision.RetryAfter;
        bool canSucceed = true;
        List<TrialBucket> buckets = [];
        foreach (BucketStatus probed in decision.Buckets)
        {
            long cost = charges.AddressVariant?.Limits.Name == probed.Policy.Name ? charges.Address.Cost : charges.Own.Cost;
            BucketStatus status = probed.WithCost(cost);
            if (status.IsInsufficient && !status.Bucket.Shadow)
            {
                canSucceed &= status.RetryAfter != Timeout.InfiniteTimeSpan;
                wait = wait > status.RetryAfter ? wait : status.RetryAfter;
            }

            buckets.Add(new TrialBucket(
                status.Policy.Name, status.Bucket.Name, status.Bucket.Capacity, status.Remaining, cost, status.IsInsufficient,
                status.Bucket.Shadow));
        }

        bool refused = decision.BlockedFor > TimeSpan.Zero
            || decision.Source == DecisionSource.Closed
            || buckets.Exists(bucket => bucket.Lacks && !bucket.Shadow);
        string result = decision.BlockedFor > TimeSpan.Zero ? "blocked" : refused ? "limited" : "allowed";
        return new TrialResult(!refused, result, charges.Own.Cost, refused && canSucceed ? wait.TotalSeconds : null, buckets);
    }

    private static ProblemHttpResult Problem(string detail) =>
        TypedResults.Problem(statusCode: StatusCodes.Status400BadRequest, detail: detail);

    /// <summary>The hypothetical request.</summary>
    /// <param name="Policy">Name of the policy to apply.</param>
    /// <param name="Address">Address of the sender.</param>
    /// <param name="Client">Id of the known client whose key it carries; null for none.</param>
    /// <param name="Method">Its method, for the cost. Default GET.</param>
    /// <param name="Route">Id of its route, for the cost and for policies by route.</param>
    /// <param name="Header">Value of the header that names the partition, for policies by header; null when it has none.</param>
    /// <param name="Cost">Its cost; null for the policy's cost.</param>
    internal sealed record TrialRequest(
        string Policy, string Address, string? Client = null, string Method = "GET", string? Route = null, string? Header = null,
        long? Cost = null);

    /// <summary>The decision that the request would get.</summary>
    internal sealed record TrialResult(bool Allowed, string Result, long Cost, double? RetryAfterSeconds, List<TrialBucket> Buckets);

    /// <summary>A bucket that the request would be charged to.</summary>
    internal sealed record TrialBucket(string Policy, string Name, long Capacity, long Remaining, long Cost, bool Lacks, bool Shadow);
}
