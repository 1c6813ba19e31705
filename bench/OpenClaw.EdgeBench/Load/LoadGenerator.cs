using System.Diagnostics;
using System.Globalization;
using System.Text.Unicode;

namespace OpenClaw.EdgeBench.Load;

/// <summary>Sends requests at a constant rate from one thread of its own. Each latency counts from the time at which its request was due,
/// so that a stall counts for every request that it delays and not only for those that were under way.</summary>
internal sealed class LoadGenerator
{
    private static readonly TimeSpan LastAnswers = TimeSpan.FromSeconds(2);

    private readonly LoadPlan _plan;
    private readonly CancellationToken _cancellationToken;
    private readonly LoadSlot[] _slots;
    private readonly HttpConnection[] _connections;
    private readonly PollSet _poll;
    private readonly Queue<int> _idle = new();
    private readonly byte[] _request = new byte[512];
    private readonly int _stride;
    private long _start;
    private int _client;

    private LoadGenerator(LoadPlan plan, CancellationToken cancellationToken)
    {
        _plan = plan;
        _cancellationToken = cancellationToken;
        _slots = [.. Enumerable.Range(0, (int)Math.Ceiling(plan.Duration / (plan.Slot ?? plan.Duration))).Select(_ => new LoadSlot())];
        _connections = [.. Enumerable.Range(0, plan.Connections).Select(index => new HttpConnection(plan.Urls[index % plan.Urls.Count]))];
        _poll = new PollSet(plan.Connections);
        // Coprime to the number of clients, so that all are visited, in scattered order.
        _stride = plan.Clients > 1 ? 7919 : 1;
    }

    public static Task<LoadResult> RunAsync(LoadPlan plan, CancellationToken cancellationToken) => Task.Factory.StartNew(
        () =>
        {
            Affinity.WakeOnTime();
            if (plan.Processor is { } processor)
            {
                Affinity.BindTo(processor);
            }

            LoadGenerator generator = new(plan, cancellationToken);
            try
            {
                generator.Run();
                return new LoadResult(plan, generator._slots);
            }
            finally
            {
                Array.ForEach(generator._connections, connection => connection.Dispose());
            }
        },
        cancellationToken,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    private void Run()
    {
        for (int i = 0; i < _connections.Length; i++)
        {
            _idle.Enqueue(i);
        }

        double interval = _plan.Rate is { } rate ? Stopwatch.Frequency / rate : 0;
        _start = Stopwatch.GetTimestamp();
        long end = _start + (long)(_plan.Duration.TotalSeconds * Stopwatch.Frequency);
        long sent = 0;
        while (true)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            long now = Stopwatch.GetTimestamp();
            if (now >= end)
            {
                break;
            }

            long due = DueAt(sent);
            while (_idle.Count > 0 && due <= now)
            {
                Send(_idle.Dequeue(), interval == 0 ? now : due);
                sent++;
                due = DueAt(sent);
            }

            Receive(_idle.Count > 0 ? Math.Min(due, end) - now : end - now);
        }

        // Due requests that waited because every connection was busy.
        for (; interval > 0 && DueAt(sent) < end; sent++)
        {
            SlotOf(DueAt(sent)).Latencies.Record(Stopwatch.GetElapsedTime(DueAt(sent), end));
        }

        long last = end + (long)(LastAnswers.TotalSeconds * Stopwatch.Frequency);
        while (_idle.Count < _connections.Length && Stopwatch.GetTimestamp() is var now && now < last)
        {
            Receive(last - now);
        }

        for (int i = 0; i < _connections.Length; i++)
        {
            if (_poll.IsWatched(i))
            {
                Fail(i);
            }
        }

        long DueAt(long number) => _start + (long)(number * interval);
    }

    private void Send(int index, long due)
    {
        HttpConnection connection = _connections[index];
        connection.DueAt = due;
        _client = (int)((_client + (long)_stride) % _plan.Clients);
        int address = 1 + _client % _plan.Addresses;
        Utf8.TryWrite(
            _request,
            CultureInfo.InvariantCulture,
            $"POST /rating HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: 29\r\n"
            + $"X-API-Key: bench-{1 + _client}\r\nX-Forwarded-For: 10.{address >> 16}.{(address >> 8) & 255}.{address & 255}\r\n\r\n"
            + $"{{\"score\":4,\"subject\":\"bench\"}}",
            out int length);
        if (connection.TrySend(_request.AsSpan(0, length)))
        {
            _poll.Watch(index, connection.Descriptor);
        }
        else
        {
            Fail(index);
        }
    }

    private void Receive(long timeout)
    {
        if (!_poll.Wait(timeout))
        {
            return;
        }

        for (int i = 0; i < _connections.Length; i++)
        {
            if (!_poll.IsReady(i))
            {
                continue;
            }

            switch (_connections[i].Read())
            {
                case 0:
                    break;
                case -1:
                    Fail(i);
                    break;
                case var status:
                    Record(i, status);
                    break;
            }
        }
    }

    private void Record(int index, int status)
    {
        long now = Stopwatch.GetTimestamp();
        LoadSlot slot = SlotOf(_connections[index].DueAt);
        slot.Latencies.Record(Stopwatch.GetElapsedTime(_connections[index].DueAt, now));
        switch (status)
        {
            case >= 200 and < 300:
                slot.Succeeded++;
                break;
            case 429:
                slot.Refused++;
                break;
            default:
                slot.Failed++;
                break;
        }

        SlotOf(now).Arrived++;
        _poll.Ignore(index);
        _idle.Enqueue(index);
    }

    private void Fail(int index)
    {
        HttpConnection connection = _connections[index];
        LoadSlot slot = SlotOf(connection.DueAt);
        slot.Failed++;
        slot.Latencies.Record(Stopwatch.GetElapsedTime(connection.DueAt));
        _poll.Ignore(index);
        connection.Reconnect();
        _idle.Enqueue(index);
    }

    private LoadSlot SlotOf(long timestamp)
    {
        double elapsed = (timestamp - _start) / (double)Stopwatch.Frequency;
        return _slots[Math.Min((int)(elapsed / (_plan.Slot ?? _plan.Duration).TotalSeconds), _slots.Length - 1)];
    }
}
