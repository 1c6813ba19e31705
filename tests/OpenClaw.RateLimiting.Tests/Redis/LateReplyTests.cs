using OpenClaw.RateLimiting.Batching;
using OpenClaw.RateLimiting.Redis;
using OpenClaw.RateLimiting.Tests.Fallback;
using OpenClaw.RateLimiting.Tests.Model;
using OpenClaw.TestServers;
using StackExchange.Redis;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.Redis;

/// <summary>The handling of an answer that comes at the deadline or after it.</summary>
public sealed class LateReplyTests(SharedRedis shared)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private static readonly RateLimitPolicy Policy = new("p", [new TokenBucket("burst", 20, 1, TimeSpan.FromHours(1))]);

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    public async Task Decide_AnsweredInTheMomentOfTheDeadline_UsesTheAnswer(int slot)
    {
        ConnectionMultiplexer redis = await shared.ConnectionAsync();
        string prefix = shared.NewPrefix();
        for (var i = 0; i < 50; i++)
        {
            Held held = new(redis);
            using CancellationTokenSource deadline = new();
            PendingDecision pending = Batches.Pending(TimeProvider.System, new Charge(Policy, $"{i}"));
            RedisDecisionStore store = new(held.Connection, new RedisNames(prefix), TimeProvider.System);
            Task deciding = store.DecideAsync(Batches.Of(pending, slot), deadline.Token).AsTask();
            await held.Replied.WaitAsync(Limit);

            // Called before the waiter, which registered earlier: the answer is there when the deadline cancels the waiter.
            deadline.Token.Register(held.Release);
            await deadline.CancelAsync();

            await deciding.WaitAsync(Limit);
            Assert.Equal((DecisionSource.Store, 19L), (pending.Decision.Source, pending.Decision.Buckets[0].Remaining));
        }
    }

    [Fact]
    public async Task Decide_AnsweredAfterTheDeadline_GivesTheAnswerBack()
    {
        Held held = new(await shared.ConnectionAsync());
        await AbandonAsync(held, slot: -1);
        RespResult reply = await ((Task<RespResult>)held.Replied).WaitAsync(Limit);
        Assert.False(IsDisposed(reply));

        held.Release();

        await Poll.UntilAsync("the answer is given back", () => IsDisposed(reply), Limit);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    public async Task Decide_FailsAfterTheDeadline_LeavesNoUnobservedException(int slot)
    {
        const string message = "fails late";
        var unobserved = 0;
        void OnUnobserved(object? sender, UnobservedTaskExceptionEventArgs e)
            => Interlocked.Add(ref unobserved, e.Exception.InnerExceptions.Any(inner => inner.Message == message) ? 1 : 0);
        TaskScheduler.UnobservedTaskException += OnUnobserved;
        try
        {
            WeakReference late = await FailLateAsync();
            await Poll.UntilAsync("the failed call is collected", () =>
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                return !late.IsAlive;
            }, Limit);
            Assert.Equal(0, unobserved);
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= OnUnobserved;
        }

        async Task<WeakReference> FailLateAsync()
        {
            Held held = new(await shared.ConnectionAsync());
            await AbandonAsync(held, slot);
            held.Fail(new InvalidOperationException(message));
            return new WeakReference(held.Answer);
        }
    }

    private async Task AbandonAsync(Held held, int slot)
    {
        using CancellationTokenSource deadline = new();
        PendingDecision pending = Batches.Pending(TimeProvider.System, new Charge(Policy, "late"));
        RedisDecisionStore store = new(held.Connection, new RedisNames(shared.NewPrefix()), TimeProvider.System);
        Task deciding = store.DecideAsync(Batches.Of(pending, slot), deadline.Token).AsTask();
        await deadline.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => deciding.WaitAsync(Limit));
    }

    private static bool IsDisposed(RespResult reply)
    {
        try
        {
            reply.ReadScalar();
            return false;
        }
        catch (ObjectDisposedException)
        {
            return true;
        }
    }

    /// <summary>One script call whose answer waits until it is released.</summary>
    private sealed class Held
    {
        private readonly TaskCompletionSource<RespResult> _reply = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource<RedisResult> _clusterReply = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private Task? _answer;

        public Held(IConnectionMultiplexer redis) => Connection = HeldRedis.Over(redis, (method, arguments) =>
        {
            if (!method.Name.StartsWith("ScriptEvaluate", StringComparison.Ordinal))
            {
                return null;
            }

            // With the text, so that what other tests do to the server's scripts makes no difference.
            arguments[0] = DecisionScript.Text;
            Replied = (Task)method.Invoke(redis.GetDatabase(), arguments)!;
            return _answer = method.ReturnType == typeof(Task<RespResult>) ? _reply.Task : _clusterReply.Task;
        });

        public IConnectionMultiplexer Connection { get; }

        /// <summary>Redis's own answer.</summary>
        public Task Replied { get; private set; } = Task.CompletedTask;

        /// <summary>What the store waits for.</summary>
        public Task? Answer => _answer;

        public void Release()
        {
            if (Replied is Task<RespResult> reply)
            {
                _reply.SetResult(reply.Result);
            }
            else
            {
                _clusterReply.SetResult(((Task<RedisResult>)Replied).Result);
            }
        }

        public void Fail(Exception exception)
        {
            if (_answer == _reply.Task)
            {
                _reply.SetException(exception);
            }
            else
            {
                _clusterReply.SetException(exception);
            }
        }
    }
}
