using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using StackExchange.Redis.Profiling;

namespace Aspire.StackExchange.Redis.Tracing;

/// <summary>
/// Makes a client span of every Redis command that is part of a recorded trace, out of StackExchange.Redis's profiling.
/// A command is not profiled when nobody listens, or when the activity it runs in is not recorded: then it costs two reads.
/// </summary>
/// <remarks>
/// A profile is complete only after the answer, when the caller has long gone on; so commands are collected per parent activity and turned into
/// spans in the background, with their own start and end times. A command outside any activity becomes a root span, if the sampler wants it.
/// </remarks>
internal sealed class RedisSpans : IDisposable
{
    /// <summary>The source name of the instrumentation that the package uses: what is subscribed to one is subscribed to the other.</summary>
    public const string SourceName = "OpenTelemetry.Instrumentation.StackExchangeRedis";

    private static readonly TimeSpan DrainInterval = TimeSpan.FromSeconds(1);
    private static readonly ActivitySource Source = new(SourceName);
    private static readonly KeyValuePair<string, object?>[] CreationTags = [new("db.system.name", "redis"), new("db.system", "redis")];

    private readonly ConcurrentDictionary<ActivitySpanId, (Activity Parent, ProfilingSession Session)> _sessions = new();
    private readonly ProfilingSession _rootSession = new();
    private readonly Timer _timer;
    private readonly Lock _draining = new();

    public RedisSpans() => _timer = new Timer(_ => Drain(), null, DrainInterval, DrainInterval);

    public void Follow(IConnectionMultiplexer connection) => connection.RegisterProfiler(SessionOfCurrentActivity);

    public void Dispose()
    {
        _timer.Dispose();
        Drain();
    }

    private ProfilingSession? SessionOfCurrentActivity() => !Source.HasListeners() ? null : Activity.Current switch
    {
        null => _rootSession,
        { Recorded: true } parent => _sessions.GetOrAdd(parent.SpanId, static (_, parent) => (parent, new ProfilingSession()), parent).Session,
        _ => null,
    };

    internal void Drain()
    {
        lock (_draining)
        {
            WriteSpans(_rootSession, default);
            foreach (var (id, (parent, session)) in _sessions)
            {
                // Read before draining: what was still under way when its parent stopped is caught by the next round.
                var over = parent.IsStopped && DateTime.UtcNow - (parent.StartTimeUtc + parent.Duration) > DrainInterval;
                WriteSpans(session, parent.Context);
                if (over)
                {
                    _sessions.TryRemove(id, out _);
                }
            }
        }
    }

    private static void WriteSpans(ProfilingSession session, ActivityContext parent)
    {
        foreach (var command in session.FinishProfiling())
        {
            using var span = Source.StartActivity(command.Command, ActivityKind.Client, parent, CreationTags, startTime: command.CommandCreated);
            if (span is null)
            {
                continue;
            }

            span.SetEndTime(command.CommandCreated + command.ElapsedTime);
            span.SetTag("db.operation.name", command.Command);
            span.SetTag("db.query.text", command.Command);
            span.SetTag("db.namespace", command.Db);
            span.SetTag("server.address", command.EndPoint switch
            {
                IPEndPoint ip => ip.Address.ToString(),
                DnsEndPoint dns => dns.Host,
                var other => other?.ToString(),
            });
            span.SetTag("server.port", (command.EndPoint as IPEndPoint)?.Port ?? (command.EndPoint as DnsEndPoint)?.Port);
            span.AddEvent(new ActivityEvent("Enqueued", command.CommandCreated + command.CreationToEnqueued));
            span.AddEvent(new ActivityEvent("Sent", command.CommandCreated + command.CreationToEnqueued + command.EnqueuedToSending));
            span.AddEvent(new ActivityEvent("ResponseReceived", command.CommandCreated + command.ElapsedTime - command.ResponseToCompletion));
        }
    }
}
