namespace OpenClaw.Console.Live;

/// <summary>Rows of a stream in Redis, the newest first. Polls add new rows, operators ask for older ones. There is no gap between two
/// rows, no row twice, and no more than <see cref="MaxRows"/> rows.</summary>
/// <typeparam name="T">A row.</typeparam>
/// <param name="idOf">Gets the id of a row in the stream.</param>
/// <param name="read">Reads up to <see cref="PageSize"/> rows before a position; null: the newest. A filter of the stream must be taken
/// before the first await.</param>
internal sealed class NewestFirst<T>(
    Func<T, string> idOf, Func<string?, CancellationToken, Task<(IReadOnlyList<T> Rows, string? Before)>> read)
{
    /// <summary>Rows of a page.</summary>
    public const int PageSize = 50;

    /// <summary>Largest number of rows.</summary>
    public const int MaxRows = 1_000;

    private readonly List<T> _rows = [];
    private string? _before;
    private bool _isReadingOlder;
    private bool _hasMissedPoll;
    private int _beginnings;

    /// <summary>The rows.</summary>
    public IReadOnlyList<T> Rows => _rows;

    /// <summary>Whether the newest rows have been read since the beginning.</summary>
    public bool IsLoaded { get; private set; }

    /// <summary>Whether older rows exist that can be shown.</summary>
    public bool CanShowOlder => _before is not null && _rows.Count < MaxRows;

    /// <summary>Whether older rows exist that are not shown, because there are <see cref="MaxRows"/> already.</summary>
    public bool IsFull => _before is not null && _rows.Count >= MaxRows;

    /// <summary>Begins anew, such as after another filter was chosen. Pages that are being read are ignored.</summary>
    public void Clear()
    {
        _rows.Clear();
        (_before, IsLoaded, _isReadingOlder, _hasMissedPoll) = (null, false, false, false);
        _beginnings++;
    }

    /// <summary>Reads the newest rows.</summary>
    public async Task RefreshAsync(CancellationToken cancellation)
    {
        int beginning = _beginnings;
        (IReadOnlyList<T> Rows, string? Before) page;
        try
        {
            page = await read(null, cancellation);
        }
        catch
        {
            _hasMissedPoll = true;
            throw;
        }

        if (beginning == _beginnings)
        {
            ShowNewest(page.Rows, page.Before);
        }
    }

    /// <summary>Reads the next older rows, unless they are being read.</summary>
    public async Task ShowOlderAsync(CancellationToken cancellation)
    {
        if (!CanShowOlder || _isReadingOlder)
        {
            return;
        }

        (int beginning, string? before) = (_beginnings, _before);
        _isReadingOlder = true;
        try
        {
            (IReadOnlyList<T> rows, string? next) = await read(before, cancellation);
            if (beginning == _beginnings && before == _before)
            {
                _rows.AddRange(rows);
                _before = next;
                Trim();
            }
        }
        finally
        {
            _isReadingOlder &= beginning != _beginnings;
        }
    }

    private void ShowNewest(IReadOnlyList<T> page, string? before)
    {
        Dictionary<string, int> known = [];
        for (int i = 0; i < _rows.Count; i++)
        {
            known[idOf(_rows[i])] = i;
        }

        // A page that is not full covers thousands of entries that the filter left out: more than happen between two polls.
        bool mayHaveGap = before is not null && (page.Count >= PageSize || _hasMissedPoll);
        if (IsLoaded && mayHaveGap && !page.Any(row => known.ContainsKey(idOf(row))))
        {
            Clear();
            known.Clear();
        }

        if (!IsLoaded)
        {
            (_before, IsLoaded) = (before, true);
        }

        List<T> added = [];
        foreach (T row in page)
        {
            if (known.TryGetValue(idOf(row), out int at))
            {
                // Deliveries are recorded after their event.
                _rows[at] = row;
            }
            else
            {
                added.Add(row);
            }
        }

        _rows.InsertRange(0, added);
        _hasMissedPoll = false;
        Trim();
    }

    private void Trim()
    {
        if (_rows.Count > MaxRows)
        {
            _rows.RemoveRange(MaxRows, _rows.Count - MaxRows);
            _before = idOf(_rows[^1]);
        }
    }
}
