using Microsoft.AspNetCore.Components;
using OpenClaw.Console.Edge;

namespace OpenClaw.Console.Live;

/// <summary>A component that polls the edge while it is shown and connected. Keeps the last responses when a call fails.</summary>
public abstract class LiveComponent : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _gone = new();
    private readonly SemaphoreSlim _asking = new(1, 1);
    private bool _isActing;

    /// <summary>Error of the last call; null if it succeeded.</summary>
    protected string? Problem { get; private set; }

    /// <summary>Time of the last response; null before the first.</summary>
    protected DateTimeOffset? AnsweredAt { get; private set; }

    /// <summary>Cancelled when the component is disposed.</summary>
    protected CancellationToken Gone => _gone.Token;

    /// <summary>Time between attempts.</summary>
    protected virtual TimeSpan Period => TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            _ = InvokeAsync(RunAsync);
        }
    }

    /// <summary>Asks the edge.</summary>
    protected abstract Task AskAsync(CancellationToken cancellation);

    /// <summary>Asks the edge now.</summary>
    protected async Task RefreshAsync()
    {
        await _asking.WaitAsync(Gone);
        try
        {
            await AskAsync(Gone);
            (Problem, AnsweredAt) = (null, DateTimeOffset.UtcNow);
        }
        catch (EdgeException exception)
        {
            Problem = exception.Message;
        }
        finally
        {
            _asking.Release();
        }

        StateHasChanged();
    }

    /// <summary>Runs an action of the operator, such as a dialog, unless one is running: a second click can come before the page has
    /// answered the first.</summary>
    protected async Task ActOnceAsync(Func<Task> action)
    {
        if (_isActing)
        {
            return;
        }

        _isActing = true;
        try
        {
            await action();
        }
        finally
        {
            _isActing = false;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases further resources of a component.</summary>
    protected virtual void Dispose(bool disposing) => _gone.Cancel();

    private async Task RunAsync()
    {
        try
        {
            while (!Gone.IsCancellationRequested)
            {
                await RefreshAsync();
                await Task.Delay(Period, Gone);
            }
        }
        catch (OperationCanceledException) when (Gone.IsCancellationRequested)
        {
            // The component was disposed.
        }
        catch (Exception exception)
        {
            await DispatchExceptionAsync(exception);
        }
    }
}
