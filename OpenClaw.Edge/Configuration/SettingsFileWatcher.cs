namespace OpenClaw.Edge.Configuration;

/// <summary>Reads settings files again when they have changed and settled, and tells of it once however many have. .NET's own watcher tells of every file and every
/// write by itself; it misses mounted files, unless it polls, and then it takes up to eight seconds.</summary>
internal sealed class SettingsFileWatcher
{
    /// <summary>How often files are looked at. One that is the same twice in a row has settled.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <summary>How often in a row a change waits for files that others still write.</summary>
    private const int Patience = 3;

    private readonly Lock _lock = new();
    private readonly List<SettingsFileProvider> _files = [];
    private Timer? _timer;
    private int _waited;

    public void Add(SettingsFileProvider file)
    {
        lock (_lock)
        {
            _files.Add(file);
            _timer ??= new Timer(static watcher => ((SettingsFileWatcher)watcher!).Look(), this, Interval, Timeout.InfiniteTimeSpan);
        }
    }

    public void Remove(SettingsFileProvider file)
    {
        lock (_lock)
        {
            if (_files.Remove(file) && _files.Count == 0)
            {
                _timer?.Dispose();
                _timer = null;
            }
        }
    }

    private void Look()
    {
        SettingsFileProvider[] files;
        lock (_lock)
        {
            files = [.. _files];
        }

        try
        {
            ReadChanged(files);
        }
        finally
        {
            lock (_lock)
            {
                _timer?.Change(Interval, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void ReadChanged(SettingsFileProvider[] files)
    {
        List<SettingsFileProvider> changed = [];
        bool areChanging = false;
        foreach (SettingsFileProvider file in files)
        {
            (bool isChanged, bool isChanging) = file.Look();
            areChanging |= isChanging;
            if (isChanged)
            {
                changed.Add(file);
            }
        }

        if (areChanging && _waited < Patience)
        {
            _waited++;
            return;
        }

        _waited = 0;
        if (changed.Count(file => file.Read()) > 0)
        {
            changed[0].Raise();
        }
    }
}
