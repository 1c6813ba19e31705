using System.Diagnostics;
using System.Net;
using System.Text;

namespace OpenClaw.EdgeBench.Load;

/// <summary>The article's k6 users: each with a connection of its own, one <c>POST /rating</c> at a time, a pause of 0.1 s in between.
/// They all carry one API key.</summary>
internal sealed class Users(Uri edge)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly byte[] Body = Encoding.UTF8.GetBytes("""{"score":4}""");

    /// <summary>Adds users one by one until all are active, then keeps them.</summary>
    /// <param name="count">Number of users.</param>
    /// <param name="ramp">Time over which they arrive, evenly.</param>
    /// <param name="hold">Time for which all of them stay.</param>
    public async Task<UsersResult> RunAsync(int count, TimeSpan ramp, TimeSpan hold, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        TimeSpan end = ramp + hold;
        List<Answer>[] answers = await Task.WhenAll(Enumerable.Range(0, count).Select(user =>
            UserAsync(started, ramp * user / count, end, cancellationToken)));
        return new UsersResult(Stopwatch.GetElapsedTime(started), [.. answers.SelectMany(list => list)]);
    }

    private async Task<List<Answer>> UserAsync(long started, TimeSpan arrival, TimeSpan end, CancellationToken cancellationToken)
    {
        List<Answer> answers = [];
        using SocketsHttpHandler handler = new() { MaxConnectionsPerServer = 1, UseProxy = false, UseCookies = false };
        using HttpMessageInvoker http = new(handler);
        await Task.Delay(arrival, cancellationToken);
        while (Stopwatch.GetElapsedTime(started) < end)
        {
            answers.Add(await SendAsync(http, cancellationToken));
            await Task.Delay(Pause, cancellationToken);
        }

        return answers;
    }

    private async Task<Answer> SendAsync(HttpMessageInvoker http, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(edge, "/rating"))
        {
            Content = new ByteArrayContent(Body) { Headers = { { "Content-Type", "application/json" } } },
            Headers = { { "x-api-key", "test-key" } },
        };
        long sent = Stopwatch.GetTimestamp();
        try
        {
            using HttpResponseMessage response = await http.SendAsync(request, cancellationToken);
            await response.Content.CopyToAsync(Stream.Null, cancellationToken);
            return new Answer(response.StatusCode, Stopwatch.GetElapsedTime(sent));
        }
        catch (HttpRequestException)
        {
            return new Answer(null, Stopwatch.GetElapsedTime(sent));
        }
    }
}
