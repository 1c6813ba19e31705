namespace OpenClaw.Edge.Configuration;

/// <summary>Reloads settings files once they have changed and settled, with one change signal for all of them. .NET's own watcher signals
/// every file and every write; it misses mounted files unless it polls, and polling takes it up to eight seconds.</summary>
internal sealed class SettingsFileWatcher
{
    /// <summary>Interval between checks. A file that is the same in two checks in a row has settled.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <summary>Largest number of checks that postpone a change because files are still being written.</summary>
    private const int MaxPostponements = 3;

    private readonly Lock _lock = new();
    private readonly List<SettingsFileProvider> _files = [];
    private Timer? _timer;
    private int _postponements;

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

        if (areChanging && _postponements < MaxPostponements)
        {
            _postponements++;
            return;
        }

        _postponements = 0;
        if (changed.Count(file => file.Read()) > 0)
        {
            changed[0].Raise();
        }
    }
}
