using System.Globalization;
using OpenClaw.Console.Live;

namespace OpenClaw.Console.Tests.Live;

public sealed class NewestFirstTests
{
    private const int PageSize = NewestFirst<Row>.PageSize;
    private const int MaxRows = NewestFirst<Row>.MaxRows;

    private readonly NewestFirst<Row> _list;
    private readonly List<Row> _stream = [];
    private Func<Task> _whileReading = () => Task.CompletedTask;
    private string? _type;

    public NewestFirstTests() => _list = new(row => Id(row.Number), ReadAsync);

    [Fact]
    public async Task Refresh_NewAndChangedRows_AreShownOnceAndInOrder()
    {
        Add(3);
        await RefreshAsync();
        _stream[1] = _stream[1] with { Text = "delivered" };
        Add(2);

        await RefreshAsync();

        Assert.Equal([5, 4, 3, 2, 1], Numbers());
        Assert.Equal("delivered", _list.Rows[3].Text);
    }

    [Fact]
    public async Task ShowOlder_ClickedTwice_AppendsThePageOnce()
    {
        Add(120);
        await RefreshAsync();
        TaskCompletionSource answer = new();
        _whileReading = () => answer.Task;

        Task first = OlderAsync();
        Task second = OlderAsync();
        answer.SetResult();
        await Task.WhenAll(first, second);

        Assert.Equal(Down(120, 100), Numbers());
    }

    [Fact]
    public async Task ShowOlder_AtTheEnd_AppendsNothing()
    {
        Add(60);
        await RefreshAsync();
        await OlderAsync();
        Assert.False(_list.CanShowOlder);

        await OlderAsync();

        Assert.Equal(Down(60, 60), Numbers());
    }

    [Fact]
    public async Task Refresh_MoreThanAPageSinceTheLast_BeginsAnewWithoutAGap()
    {
        Add(60);
        await RefreshAsync();
        await OlderAsync();
        Add(PageSize + 1);

        await RefreshAsync();

        Assert.Equal(Down(111, PageSize), Numbers());
        await OlderAsync();
        Assert.Equal(Down(111, 2 * PageSize), Numbers());
    }

    [Fact]
    public async Task Refresh_MoreThanAPageWhileOlderRowsAreRead_DropsThese()
    {
        Add(120);
        await RefreshAsync();
        TaskCompletionSource answer = new();
        _whileReading = () => answer.Task;
        Task older = OlderAsync();
        _whileReading = () => Task.CompletedTask;
        Add(PageSize + 1);
        await RefreshAsync();

        answer.SetResult();
        await older;

        Assert.Equal(Down(171, PageSize), Numbers());
        await OlderAsync();
        Assert.Equal(Down(171, 2 * PageSize), Numbers());
    }

    [Fact]
    public async Task Refresh_Forever_KeepsTheNewestRowsAndSaysThatThereAreMore()
    {
        Add(PageSize);
        await RefreshAsync();
        for (int i = 0; i < 30; i++)
        {
            Add(40);
            await RefreshAsync();
        }

        Assert.Equal(Down(PageSize + (30 * 40), MaxRows), Numbers());
        Assert.True(_list.IsFull);
        Assert.False(_list.CanShowOlder);
    }

    [Fact]
    public async Task ShowOlder_UpToTheLimit_EndsThere()
    {
        Add(MaxRows + 20);
        await RefreshAsync();
        Add(10);
        await RefreshAsync();

        while (_list.CanShowOlder)
        {
            await OlderAsync();
        }

        Assert.Equal(Down(MaxRows + 30, MaxRows), Numbers());
        Assert.True(_list.IsFull);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Clear_WhileAPageIsRead_DropsItsRows(bool isOlder)
    {
        Add(60, "denied");
        Add(60, "blocked");
        await RefreshAsync();
        TaskCompletionSource answer = new();
        _whileReading = () => answer.Task;
        Task reading = isOlder ? OlderAsync() : RefreshAsync();
        _whileReading = () => Task.CompletedTask;

        _type = "denied";
        _list.Clear();
        Assert.False(_list.IsLoaded);
        await RefreshAsync();
        answer.SetResult();
        await reading;

        Assert.Equal(Down(60, PageSize), Numbers());
        await OlderAsync();
        Assert.Equal(Down(60, 60), Numbers());
    }

    // The edge stops searching after some thousand entries, and says where to continue.
    [Fact]
    public async Task Refresh_RareRows_KeepsTheOlderOnesUnlessAPollFailed()
    {
        string? before = Id(100);
        NewestFirst<Row> list = new(
            row => Id(row.Number),
            (from, _) => before is null ? throw new IOException()
                : Task.FromResult<(IReadOnlyList<Row>, string?)>(from is null ? ([], before) : ([new Row(7, "", "")], null)));
        await list.RefreshAsync(CancellationToken.None);
        Assert.True(list.CanShowOlder);
        await list.ShowOlderAsync(CancellationToken.None);

        before = Id(200);
        await list.RefreshAsync(CancellationToken.None);
        Assert.Equal(7, Assert.Single(list.Rows).Number);

        before = null;
        await Assert.ThrowsAsync<IOException>(() => list.RefreshAsync(CancellationToken.None));
        before = Id(9000);
        await list.RefreshAsync(CancellationToken.None);
        Assert.Empty(list.Rows);
        Assert.True(list.CanShowOlder);
    }

    private static string Id(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static IEnumerable<int> Down(int newest, int count) => Enumerable.Range(newest - count + 1, count).Reverse();

    private IEnumerable<int> Numbers() => _list.Rows.Select(row => row.Number);

    private Task RefreshAsync() => _list.RefreshAsync(CancellationToken.None);

    private Task OlderAsync() => _list.ShowOlderAsync(CancellationToken.None);

    private void Add(int count, string type = "")
    {
        for (int i = 0; i < count; i++)
        {
            _stream.Add(new Row(_stream.Count + 1, type, ""));
        }
    }

    private async Task<(IReadOnlyList<Row> Rows, string? Before)> ReadAsync(string? before, CancellationToken cancellation)
    {
        int end = before is null ? int.MaxValue : int.Parse(before, CultureInfo.InvariantCulture);
        Row[] rows =
        [
            .. Enumerable.Reverse(_stream).Where(row => row.Number < end && (_type ?? row.Type) == row.Type).Take(PageSize),
        ];
        await _whileReading();
        return (rows, rows.Length == PageSize ? Id(rows[^1].Number) : null);
    }

    internal sealed record Row(int Number, string Type, string Text);
}
