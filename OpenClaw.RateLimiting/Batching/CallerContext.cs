using System.Threading.Tasks.Sources;

namespace OpenClaw.RateLimiting.Batching;

/// <summary>A continuation that goes on in the synchronization context or on the scheduler of its caller. Where these refuse it, it goes on
/// in the thread pool, so that
/// nobody waits for ever.</summary>
internal sealed class CallerContext
{
    /// <summary>Hands the continuation to its context. Runs in the thread pool, with a <see cref="CallerContext"/>.</summary>
    public static readonly Action<object?> Resume = static state => ((CallerContext)state!).Post();

    private readonly SynchronizationContext? _synchronization;
    private readonly TaskScheduler? _scheduler;
    private readonly ExecutionContext? _execution;
    private readonly object? _state;
    private Action<object?>? _continuation;

    private CallerContext(
        Action<object?> continuation,
        object? state,
        SynchronizationContext? synchronization,
        TaskScheduler? scheduler,
        ExecutionContext? execution)
    {
        _continuation = continuation;
        _state = state;
        _synchronization = synchronization;
        _scheduler = scheduler;
        _execution = execution;
    }

    /// <summary>What the caller of this method wants to go on in; null when any thread will do.</summary>
    public static CallerContext? Capture(Action<object?> continuation, object? state, ValueTaskSourceOnCompletedFlags flags)
    {
        if ((flags & ValueTaskSourceOnCompletedFlags.UseSchedulingContext) == 0)
        {
            return null;
        }

        SynchronizationContext? synchronization = SynchronizationContext.Current;
        if (synchronization is not null && synchronization.GetType() == typeof(SynchronizationContext))
        {
            synchronization = null;
        }

        TaskScheduler? scheduler = synchronization is null && TaskScheduler.Current != TaskScheduler.Default ? TaskScheduler.Current : null;
        if (synchronization is null && scheduler is null)
        {
            return null;
        }

        bool flows = (flags & ValueTaskSourceOnCompletedFlags.FlowExecutionContext) != 0;
        ExecutionContext? execution = flows ? ExecutionContext.Capture() : null;
        return new CallerContext(continuation, state, synchronization, scheduler, execution);
    }

    private void Post()
    {
        try
        {
            if (_synchronization is not null)
            {
                _synchronization.Post(static state => ((CallerContext)state!).Run(), this);
            }
            else
            {
                Task.Factory.StartNew(
                    static state => ((CallerContext)state!).Run(),
                    this,
                    CancellationToken.None,
                    TaskCreationOptions.DenyChildAttach,
                    _scheduler!);
            }
        }
        catch (Exception)
        {
            // The context refused, or ran a continuation that threw: then there is nothing left to run.
            Run();
        }
    }

    // Once only: a context may have accepted the continuation and failed afterwards.
    private void Run()
    {
        if (Interlocked.Exchange(ref _continuation, null) is not { } continuation)
        {
            return;
        }

        if (_execution is null)
        {
            continuation(_state);
        }
        else
        {
            ExecutionContext.Run(_execution, state => continuation(state), _state);
        }
    }
}
