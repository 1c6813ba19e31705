using System.Threading.Tasks.Sources;

namespace OpenClaw.RateLimiting.Batching;

/// <summary>Continuation that resumes in its caller's synchronization context or scheduler. If that throws, it resumes on the thread pool,
/// so that no caller waits forever.</summary>
internal sealed class CallerContext
{
    /// <summary>Posts the continuation to its context. Runs on the thread pool; the argument is a <see cref="CallerContext"/>.</summary>
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

    /// <summary>Context of the current caller; null if the continuation may run on any thread.</summary>
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
            // Either the context refused, or the continuation ran and threw; then Run does nothing.
            Run();
        }
    }

    // Runs once: a context may have accepted the continuation and failed afterwards.
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
