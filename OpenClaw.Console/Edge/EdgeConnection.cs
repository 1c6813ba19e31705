using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OpenClaw.Console.Edge;

/// <summary>Sends requests to the edge's admin API, and turns every failure into an <see cref="EdgeException"/>.</summary>
internal sealed class EdgeConnection(IHttpClientFactory clients)
{
    /// <summary>Bodies of requests and responses.</summary>
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    // A usage message comes once a second.
    private static readonly TimeSpan StreamIdleTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Sends a request and returns its successful response. The caller disposes it.</summary>
    /// <exception cref="EdgeException">There was no response, or it has an error status.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        HttpClient http = clients.CreateClient(EdgeRegistration.Calls);
        HttpResponseMessage response;
        try
        {
            response = await http.SendAsync(request, cancellation);
        }
        catch (Exception exception) when (IsNoResponse(exception) && !cancellation.IsCancellationRequested)
        {
            throw NoResponse(http, exception);
        }

        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw await FailureAsync(response, cancellation);
        }
    }

    /// <summary>Gets a body.</summary>
    /// <exception cref="EdgeException">The call failed, or the body cannot be read.</exception>
    public async Task<T> GetAsync<T>(string path, CancellationToken cancellation)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, path);
        using HttpResponseMessage response = await SendAsync(request, cancellation);
        return await ReadAsync<T>(response, cancellation);
    }

    /// <summary>Reads the body of a response.</summary>
    /// <exception cref="EdgeException">The body has another format.</exception>
    public static async Task<T> ReadAsync<T>(HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            return await response.Content.ReadFromJsonAsync<T>(Json, cancellation) ?? throw new JsonException("null");
        }
        catch (JsonException exception)
        {
            throw new EdgeException(
                EdgeFailure.Unavailable, $"The edge answered {PathOf(response)} with something that this console cannot read; "
                + "their versions may differ.", inner: exception);
        }
        catch (Exception exception) when (IsNoResponse(exception) && !cancellation.IsCancellationRequested)
        {
            throw new EdgeException(EdgeFailure.NoResponse, "The edge's response was cut off.", inner: exception);
        }
    }

    /// <summary>Reads a stream of server-sent events until it ends.</summary>
    /// <param name="path">Path of the stream.</param>
    /// <param name="cancellation">Ends the stream.</param>
    /// <exception cref="EdgeException">The stream cannot be opened, or is cut off.</exception>
    public async IAsyncEnumerable<T> StreamAsync<T>(
        string path, [EnumeratorCancellation] CancellationToken cancellation)
    {
        HttpClient http = clients.CreateClient(EdgeRegistration.Streams);
        using CancellationTokenSource idle = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        idle.CancelAfter(StreamIdleTimeout);
        using HttpRequestMessage request = new(HttpMethod.Get, path);
        using HttpResponseMessage response = await GuardAsync(
            () => http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, idle.Token), http, cancellation);
        if (!response.IsSuccessStatusCode)
        {
            throw await FailureAsync(response, cancellation);
        }

        await using Stream body = await GuardAsync(() => response.Content.ReadAsStreamAsync(idle.Token), http, cancellation);
        IAsyncEnumerator<SseItem<T?>> items = SseParser
            .Create(body, (_, data) => JsonSerializer.Deserialize<T>(data, Json))
            .EnumerateAsync(idle.Token)
            .GetAsyncEnumerator(idle.Token);
        await using (items)
        {
            while (await GuardAsync(() => items.MoveNextAsync().AsTask(), http, cancellation))
            {
                idle.CancelAfter(StreamIdleTimeout);
                if (items.Current.Data is { } data)
                {
                    yield return data;
                }
            }
        }
    }

    private static async Task<T> GuardAsync<T>(Func<Task<T>> action, HttpClient http, CancellationToken cancellation)
    {
        try
        {
            return await action();
        }
        catch (JsonException exception)
        {
            throw new EdgeException(
                EdgeFailure.Unavailable, "The edge sent a message that this console cannot read; their versions may differ.",
                inner: exception);
        }
        catch (Exception exception) when (IsNoResponse(exception) && !cancellation.IsCancellationRequested)
        {
            throw NoResponse(http, exception);
        }
    }

    private static bool IsNoResponse(Exception exception) => exception is HttpRequestException or IOException or OperationCanceledException;

    private static EdgeException NoResponse(HttpClient http, Exception exception)
    {
        string reason = exception.GetBaseException() is SocketException socket ? $" ({socket.SocketErrorCode switch
        {
            SocketError.ConnectionRefused => "connection refused",
            SocketError.HostNotFound or SocketError.TryAgain => "unknown host name",
            _ => socket.Message.ToLowerInvariant(),
        }})" : exception is OperationCanceledException ? " in time" : "";
        return new EdgeException(
            EdgeFailure.NoResponse, $"The edge at {http.BaseAddress!.GetLeftPart(UriPartial.Authority)} does not answer{reason}.",
            inner: exception);
    }

    private static async Task<EdgeException> FailureAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        Problem? problem = null;
        try
        {
            problem = await response.Content.ReadFromJsonAsync<Problem>(Json, cancellation);
        }
        catch (Exception exception) when (exception is JsonException or HttpRequestException or IOException or NotSupportedException)
        {
            // The status is reported instead.
        }

        EdgeFailure failure = response.StatusCode switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => EdgeFailure.Refused,
            HttpStatusCode.NotFound => EdgeFailure.NotFound,
            HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity or HttpStatusCode.RequestEntityTooLarge => EdgeFailure.Invalid,
            HttpStatusCode.PreconditionFailed => EdgeFailure.Changed,
            _ => EdgeFailure.Unavailable,
        };
        string message = failure == EdgeFailure.Refused
            ? "The edge refused the console's admin key; OpenClaw:Console:AdminKey must be the edge's OpenClaw:Edge:Admin:Key."
            : problem?.Detail ?? (failure == EdgeFailure.NotFound
                ? $"The edge has no {PathOf(response)}; its admin API may be off (OpenClaw:Edge:Admin:Key), or its version older."
                : $"The edge answered {(int)response.StatusCode} to {PathOf(response)}.");
        return new EdgeException(failure, message, problem?.Errors);
    }

    private static string PathOf(HttpResponseMessage response) => response.RequestMessage?.RequestUri?.AbsolutePath ?? "the request";

    private sealed record Problem(string? Detail, IReadOnlyList<string>? Errors);
}
