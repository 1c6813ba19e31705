using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using Aspire.Hosting.Testing;

namespace OpenClaw.AppHost.Tests;

/// <summary>Posts ratings through the edge's endpoint, each over a connection of its own, and counts the answers.</summary>
internal sealed class RatingClient(Stack stack, string key)
{
    public const int Capacity = 20;
    public const int RefillPerSecond = 5;

    private long _first;
    private int _admitted;

    public int Admitted => Volatile.Read(ref _admitted);

    /// <summary>How many may have been admitted by now: the burst, and what time refilled since the first request.</summary>
    public int MostAdmitted => Capacity + (int)(RefillPerSecond * SinceFirst.TotalSeconds) + 1;

    // Several requests may be the first.
    private TimeSpan SinceFirst => Stopwatch.GetElapsedTime(Volatile.Read(ref _first));

    public async Task<HttpResponseMessage> PostAsync(object? rating = null)
    {
        // A connection per request: the proxy before the replicas chooses one per connection.
        using var client = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero });
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(stack.App.GetEndpoint("edge", "http"), "rating"))
        {
            Content = JsonContent.Create(rating ?? new { score = 4 }),
            Headers = { { "x-api-key", key } },
        };
        Interlocked.CompareExchange(ref _first, Stopwatch.GetTimestamp(), 0);
        var answer = await client.SendAsync(request);
        if (answer.StatusCode == HttpStatusCode.OK)
        {
            // Several requests are answered at once.
            Interlocked.Increment(ref _admitted);
        }

        return answer;
    }

    /// <summary>Posts until one is refused, and gives that answer.</summary>
    public async Task<HttpResponseMessage> ExhaustAsync()
    {
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < TimeSpan.FromMinutes(1))
        {
            foreach (var answer in await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => PostAsync())))
            {
                if (answer.StatusCode == HttpStatusCode.TooManyRequests)
                {
                    return answer;
                }

                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            }
        }

        throw new TimeoutException("Nothing was refused within a minute.");
    }
}
