using System.Collections.Concurrent;
using System.Net;
using OpenClaw.Soak.Tests.Accounting;
using OpenClaw.Soak.Tests.Edges;

namespace OpenClaw.Soak.Tests.Traffic;

/// <summary>Clients who wait for their answers, on all edges.</summary>
internal sealed class HttpTraffic(IReadOnlyList<EdgeNode> edges, Violations violations, int seed)
{
    // Of a request on two busy processors; a decision has 250 ms.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);
    private const int WorkersPerPolicy = 2;

    private readonly ConcurrentBag<int> _settled = [];
    private readonly ConcurrentDictionary<string, int> _highest = new();
    private int _round;
    private long _id;

    /// <summary>Grants by policy, as clients saw them.</summary>
    public IReadOnlyDictionary<string, GrantLog> Grants { get; } = SoakPolicy.Limited.Append(SoakPolicy.Rewritten)
        .ToDictionary(policy => policy.Name, policy => new GrantLog(policy.Capacity, policy.Rate));

    /// <summary>The costs that the upstream stated for requests it answered since this was last asked.</summary>
    public int[] TakeSettled()
    {
        List<int> stated = [];
        while (_settled.TryTake(out int cost))
        {
            stated.Add(cost);
        }

        return [.. stated];
    }

    /// <summary>Sends requests until told to stop; returns when every one of them has its answer, or its deadline has passed.</summary>
    public Task RunAsync(Answers answers, CancellationToken stop)
    {
        int round = _round++;
        List<Task> clients = [];
        foreach (SoakPolicy policy in SoakPolicy.All.Where(policy => policy != SoakPolicy.Left))
        {
            for (int worker = 0; worker < WorkersPerPolicy; worker++)
            {
                Random random = new(seed + (1000 * round) + clients.Count);
                clients.Add(Task.Run(() => LimitedAsync(policy, random, answers, stop)));
            }
        }

        clients.AddRange(edges.Select(edge => Task.Run(() => WatchAsync(edge, answers, stop))));
        return Task.WhenAll(clients);
    }

    /// <summary>The version that an edge has in force, by the free policy whose bucket has its name.</summary>
    public async Task<int> VersionAsync(EdgeNode edge, string marker, Answers answers)
    {
        (HttpStatusCode status, string? policies) = await SendAsync(edge, $"/{marker}/", "203.0.113.99", answers);
        if (status != HttpStatusCode.OK || policies is not ['"', 'v', ..])
        {
            return -1;
        }

        int version = int.Parse(policies.AsSpan(2, 8));
        string key = $"{edge.Name} {marker}";
        int before = _highest.GetOrAdd(key, version);
        if (version < before)
        {
            violations.Add("rules went back", $"{edge.Name} has version {version} of {marker} in force, and had {before}.");
        }

        _highest[key] = Math.Max(version, before);
        return version;
    }

    private async Task LimitedAsync(SoakPolicy policy, Random random, Answers answers, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            EdgeNode edge = edges[random.Next(edges.Count)];
            int stated = random.Next(10);
            double asked = violations.Now;
            (HttpStatusCode status, _) = await SendAsync(edge, $"/{policy.Name}/{random.Next(100)}?cost={stated}", policy.Address, answers);
            if (status == HttpStatusCode.OK && Grants.TryGetValue(policy.Name, out GrantLog? grants))
            {
                grants.Add(asked, violations.Now, 1);
            }
            else if (status == HttpStatusCode.OK && policy == SoakPolicy.Settled)
            {
                _settled.Add(stated);
            }
            else if (status is not (HttpStatusCode.OK or HttpStatusCode.TooManyRequests or (HttpStatusCode)0)
                && !(status == HttpStatusCode.ServiceUnavailable && policy.FailureMode == "Closed"))
            {
                violations.Add("wrong answer", $"{edge.Name} answered {(int)status} to a request under {policy.Name}.");
            }

            await PauseAsync(random.Next(20, 80), stop);
        }
    }

    /// <summary>Looks at the rules in force on one edge, and at who is denied by them.</summary>
    private async Task WatchAsync(EdgeNode edge, Answers answers, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            int before = await VersionAsync(edge, SoakPolicy.RedisMarker, answers);
            (HttpStatusCode sometimes, _) = await SendAsync(edge, $"/{SoakPolicy.FileMarker}/", SoakPolicy.Sometimes, answers);
            int after = await VersionAsync(edge, SoakPolicy.RedisMarker, answers);
            if (before == after && before > 0 && sometimes != 0 && sometimes == HttpStatusCode.Forbidden != (before % 2 == 1))
            {
                violations.Add("deny list", $"{edge.Name} answered {(int)sometimes} with version {before} in force.");
            }

            (HttpStatusCode outcast, _) = await SendAsync(edge, $"/{SoakPolicy.FileMarker}/", SoakPolicy.Outcast, answers);
            if (outcast is not (HttpStatusCode.Forbidden or 0))
            {
                violations.Add("deny list",
                    $"{edge.Name} answered {(int)outcast} to an address that every version denies; version {after} is in force.");
            }

            await VersionAsync(edge, SoakPolicy.FileMarker, answers);
            await PauseAsync(100, stop);
        }
    }

    private async Task<(HttpStatusCode Status, string? Policies)> SendAsync(EdgeNode edge, string path, string address, Answers answers)
    {
        string id = $"{Interlocked.Increment(ref _id)}";
        double asked = violations.Now;
        using CancellationTokenSource deadline = new(Limit);
        using HttpRequestMessage request = new(HttpMethod.Get, path);
        request.Headers.Add("X-Forwarded-For", address);
        request.Headers.Add(Upstream.IdHeader, id);
        try
        {
            using HttpResponseMessage response = await edge.Client.SendAsync(request, deadline.Token);
            answers.Add($"{(int)response.StatusCode}", violations.Now - asked);
            if (response.IsSuccessStatusCode
                && (!response.Headers.TryGetValues(Upstream.IdHeader, out var echoed) || echoed.Single() != id))
            {
                violations.Add("somebody else's answer", $"{edge.Name} answered request {id} for {path} with another one's answer.");
            }

            return (response.StatusCode, response.Headers.TryGetValues("RateLimit-Policy", out var policies) ? policies.First() : null);
        }
        catch (OperationCanceledException)
        {
            answers.Add("hang", Limit.TotalSeconds);
            violations.Add("hang", $"{edge.Name} has not answered {path} within {Limit.TotalSeconds} s.");
        }
        catch (HttpRequestException exception)
        {
            answers.Add("cut", violations.Now - asked);
            violations.Add("connection cut",
                $"{edge.Name}, {path}: {exception.Message}{(edge.HasExited ? " The process has ended." : "")}");
        }

        return (0, null);
    }

    internal static Task PauseAsync(int milliseconds, CancellationToken stop) =>
        Task.Delay(milliseconds, stop).ContinueWith(static _ => { }, TaskContinuationOptions.ExecuteSynchronously);
}
