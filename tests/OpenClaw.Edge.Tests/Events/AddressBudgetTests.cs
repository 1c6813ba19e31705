using Microsoft.Extensions.Time.Testing;
using OpenClaw.Edge.Events;
using OpenClaw.Edge.Options;

namespace OpenClaw.Edge.Tests.Events;

public sealed class AddressBudgetTests
{
    [Fact]
    public void TryTake_MoreThanTheBudget_IsRefusedUntilTheNextMinute()
    {
        FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 28, 10, 0, 30, TimeSpan.Zero));
        EdgeOptions options = new() { Events = { AddressesPerMinute = 2 } };
        AddressBudget budget = new(Microsoft.Extensions.Options.Options.Create(options), time);

        Assert.True(budget.TryTake());
        Assert.True(budget.TryTake());
        Assert.False(budget.IsUsedUp);
        Assert.False(budget.TryTake());
        Assert.True(budget.IsUsedUp);
        time.Advance(TimeSpan.FromSeconds(29));
        Assert.True(budget.IsUsedUp);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(budget.IsUsedUp);
        Assert.True(budget.TryTake());
    }
}
