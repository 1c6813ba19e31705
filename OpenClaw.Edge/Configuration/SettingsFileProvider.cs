using Microsoft.Extensions.Configuration.Json;

namespace OpenClaw.Edge.Configuration;

/// <summary>A JSON file of settings that keeps its last good values when it changes into something that cannot be read. .NET's own provider then has no values at
/// all and tells nobody: with the next change of anything else the rest would be in force without it, routes and deny lists among what is gone.</summary>
internal sealed class SettingsFileProvider : JsonConfigurationProvider
{
    private readonly SettingsFileWatcher? _watcher;
    private readonly string? _path;
    private bool _isLoaded;
    private Stamp? _read;
    private Stamp? _seen;

    /// <summary>Why the file as it is now cannot be read; null when it can.</summary>
    private volatile string? _error;

    /// <param name="source">The file.</param>
    /// <param name="watcher">Looks for changes; null when the file is only read at start.</param>
    public SettingsFileProvider(JsonConfigurationSource source, SettingsFileWatcher? watcher) : base(source)
    {
        _path = source.FileProvider?.GetFileInfo(source.Path ?? "").PhysicalPath;
        _watcher = watcher;
        _watcher?.Add(this);
    }

    /// <summary>Why files of a configuration cannot be read as they are now.</summary>
    public static List<string> ErrorsIn(IConfiguration configuration) =>
        [.. ((IConfigurationRoot)configuration).Providers.OfType<SettingsFileProvider>().Select(provider => provider._error).OfType<string>()];

    public override void Load()
    {
        _read = _seen = Stamp.Of(_path);
        base.Load();
    }

    public override void Load(Stream stream)
    {
        try
        {
            base.Load(stream);
            (_isLoaded, _error) = (true, null);
        }
        catch (FormatException exception) when (_isLoaded)
        {
            _error = $"{Source.Path} cannot be read: {exception.InnerException?.Message ?? exception.Message}";
        }
    }

    /// <summary>Looks at the file without reading it.</summary>
    /// <returns>Whether it is other than when it was read, and whether it was another the last time, so that somebody may still be writing.</returns>
    public (bool IsChanged, bool IsChanging) Look()
    {
        Stamp? now = Stamp.Of(_path);
        bool isChanging = now != _seen;
        _seen = now;
        return (now != _read, isChanging);
    }

    /// <summary>Reads the file as it is now.</summary>
    /// <returns>Whether that makes a difference.</returns>
    public bool Read()
    {
        (IDictionary<string, string?> before, string? error) = (Data, _error);
        Stamp? stamp = Stamp.Of(_path);
        try
        {
            if (stamp is null)
            {
                (Data, _error) = (new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase), null);
            }
            else
            {
                using FileStream file = new(_path!, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                Load(file);
            }

            _read = stamp;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Read again until it can be; said once.
            _error = $"{Source.Path} cannot be read: {exception.Message}";
        }

        return error != _error || !IsSame(before, Data);
    }

    /// <summary>Tells of a change.</summary>
    public void Raise() => OnReload();

    protected override void Dispose(bool disposing)
    {
        _watcher?.Remove(this);
        base.Dispose(disposing);
    }

    private static bool IsSame(IDictionary<string, string?> before, IDictionary<string, string?> now) =>
        before.Count == now.Count && now.All(entry => before.TryGetValue(entry.Key, out string? value) && value == entry.Value);

    /// <summary>Tells one state of a file from another. Of a link, the file that it leads to: a mounted ConfigMap is changed by another link.</summary>
    private sealed record Stamp(string Path, DateTime Written, long Length)
    {
        public static Stamp? Of(string? path)
        {
            try
            {
                return path is null || !File.Exists(path) ? null
                    : new FileInfo(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path) is { Exists: true } file
                        ? new Stamp(file.FullName, file.LastWriteTimeUtc, file.Length)
                        : null;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // It went away in between.
                return null;
            }
        }
    }
}
