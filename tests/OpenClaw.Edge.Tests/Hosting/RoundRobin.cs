using System.Collections.Concurrent;

namespace OpenClaw.Edge.Tests.Hosting;

/// <summary>A minimal load balancer: sends requests in turn to the edges whose last health check succeeded, without retries.</summary>
internal sealed class RoundRobin(IEnumerable<EdgeProcess> edges)
{
    private readonly (EdgeProcess Edge, bool Ready)[] _edges = [.. edges.Select(edge => (edge, true))];
    private int _next;

    public ConcurrentQueue<string> Failures { get; } = new();

    public bool IsReady(int index) => _edges[index].Ready;

    public void Replace(int index, EdgeProcess edge) => _edges[index] = (edge, false);

    /// <summary>Checks the health of every edge ten times a second.</summary>
    public async Task WatchAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            for (int i = 0; i < _edges.Length; i++)
            {
                EdgeProcess edge = _edges[i].Edge;
                bool ready = await IsHealthyAsync(edge);
                if (_edges[i].Edge == edge)
                {
                    _edges[i] = (edge, ready);
                }
            }

            await Task.Delay(100, CancellationToken.None);
        }
    }

    /// <summary>Sends requests in sequence and returns their number.</summary>
    public async Task<int> SendUntilAsync(CancellationToken stop)
    {
        int sent = 0;
        while (!stop.IsCancellationRequested)
        {
            (EdgeProcess edge, bool ready) = _edges[(uint)Interlocked.Increment(ref _next) % _edges.Length];
            if (!ready)
            {
                await Task.Yield();
                continue;
            }

            sent++;
            try
            {
                using HttpResponseMessage response = await edge.Client.GetAsync("/ratings/a", CancellationToken.None);
                if (!response.IsSuccessStatusCode)
                {
                    Failures.Enqueue($"{response.StatusCode}");
                }
            }
            catch (Exception exception)
            {
                Failures.Enqueue(exception.ToString());
            }
        }

        return sent;
    }

    private static async Task<bool> IsHealthyAsync(EdgeProcess edge)
    {
        try
        {
            using HttpResponseMessage response = await edge.Management.GetAsync("/health");
            return response.IsSuccessStatusCode;
        }
        catch (Exception)
        {
            return false;
        }
    }
}
