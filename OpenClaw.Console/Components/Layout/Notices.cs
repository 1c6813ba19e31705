namespace OpenClaw.Console.Components.Layout;

/// <summary>The result of an action, shown for a few seconds.</summary>
internal sealed class Notices(TimeProvider time)
{
    private static readonly TimeSpan Shown = TimeSpan.FromSeconds(6);

    /// <summary>Raised when <see cref="Current"/> has changed, on any thread.</summary>
    public event Action? Changed;

    /// <summary>The notice to show; null when there is none.</summary>
    public Notice? Current { get; private set; }

    /// <summary>Shows a success.</summary>
    public void Done(string text) => Show(new Notice(text, IsProblem: false));

    /// <summary>Shows a failure.</summary>
    public void Problem(string text) => Show(new Notice(text, IsProblem: true));

    private void Show(Notice notice)
    {
        Current = notice;
        Changed?.Invoke();
        _ = HideAsync(notice);
    }

    private async Task HideAsync(Notice notice)
    {
        await Task.Delay(Shown, time);
        if (Current == notice)
        {
            Current = null;
            Changed?.Invoke();
        }
    }

    /// <summary>A notice.</summary>
    internal sealed record Notice(string Text, bool IsProblem);
}
