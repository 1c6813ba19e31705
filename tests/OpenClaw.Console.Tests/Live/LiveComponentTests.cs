using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.RenderTree;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using OpenClaw.Console.Live;

namespace OpenClaw.Console.Tests.Live;

public sealed class LiveComponentTests
{
    [Fact]
    public async Task Poll_CancelledWhileShown_IsReportedAndDoesNotEndSilently()
    {
        await using TestRenderer renderer = new();

        await renderer.ShowAsync(new Component(() => throw new TaskCanceledException("Timed out.")));

        Exception error = await renderer.Error.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.Equal("Timed out.", error.Message);
    }

    [Fact]
    public async Task Poll_CancelledByDisposal_EndsSilently()
    {
        TestRenderer renderer = new();
        TaskCompletionSource asked = new();
        Component component = new(asked.SetResult);
        await using (renderer)
        {
            await renderer.ShowAsync(component);
            await asked.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        }

        Assert.False(renderer.Error.Task.IsCompleted);
        Assert.True(component.IsGone);
    }

    private sealed class Component(Action asked) : LiveComponent
    {
        public bool IsGone => Gone.IsCancellationRequested;

        protected override async Task AskAsync(CancellationToken cancellation)
        {
            asked();
            await Task.Delay(Timeout.Infinite, cancellation);
        }
    }

#pragma warning disable BL0006 // A renderer has to be derived from these types.
    private sealed class TestRenderer() : Renderer(new ServiceCollection().BuildServiceProvider(), NullLoggerFactory.Instance)
    {
        public TaskCompletionSource<Exception> Error { get; } = new();

        public override Dispatcher Dispatcher { get; } = Dispatcher.CreateDefault();

        public Task ShowAsync(IComponent component) =>
            Dispatcher.InvokeAsync(() => RenderRootComponentAsync(AssignRootComponentId(component)));

        protected override void HandleException(Exception exception) => Error.TrySetResult(exception);

        protected override Task UpdateDisplayAsync(in RenderBatch renderBatch) => Task.CompletedTask;
    }
#pragma warning restore BL0006
}
