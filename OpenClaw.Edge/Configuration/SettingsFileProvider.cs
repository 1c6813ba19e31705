using Microsoft.Extensions.Configuration.Json;

namespace OpenClaw.Edge.Configuration;

/// <summary>Reads a JSON settings file and keeps its last valid values when the file becomes unreadable or disappears. .NET's own provider
/// would silently drop all its values, and the next reload would apply the configuration without them: without routes or deny
/// lists.</summary>
internal sealed class SettingsFileProvider : JsonConfigurationProvider
{
    private readonly SettingsFileWatcher? _watcher;
    private readonly string? _path;
    private bool _isLoaded;
    private Stamp? _read;
    private Stamp? _seen;

    /// <summary>Why the current file cannot be read; null when it can.</summary>
    private volatile string? _error;

    /// <param name="source">The file.</param>
    /// <param name="watcher">Watches for changes; null when the file is read only at start.</param>
    public SettingsFileProvider(JsonConfigurationSource source, SettingsFileWatcher? watcher) : base(source)
    {
        _path = source.FileProvider?.GetFileInfo(source.Path ?? "").PhysicalPath;
        _watcher = watcher;
        _watcher?.Add(this);
    }

    /// <summary>The current read errors of a configuration's files.</summary>
    public static List<string> ErrorsIn(IConfiguration configuration) =>
        [.. ((IConfigurationRoot)configuration).Providers.OfType<SettingsFileProvider>()
            .Select(provider => provider._error)
            .OfType<string>()];

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

    /// <summary>Checks the file's state without reading it.</summary>
    /// <returns>Whether the file differs from what was read, and whether it changed since the last check, and so may still be being
    /// written.</returns>
    public (bool IsChanged, bool IsChanging) Look()
    {
        Stamp? now = Stamp.Of(_path);
        bool isChanging = now != _seen;
        _seen = now;
        return (now != _read, isChanging);
    }

    /// <summary>Reads the file again.</summary>
    /// <returns>Whether values or the read error changed.</returns>
    public bool Read()
    {
        (IDictionary<string, string?> before, string? error) = (Data, _error);
        Stamp? stamp = Stamp.Of(_path);
        try
        {
            if (stamp is null)
            {
                _error = _isLoaded
                    ? $"{Source.Path} is missing; its last values stay in force. Put it back, or restart the edge without it."
                    : null;
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
            // Retried until it can be read; reported once.
            _error = $"{Source.Path} cannot be read: {exception.Message}";
        }

        return error != _error || !IsSame(before, Data);
    }

    /// <summary>Signals a change to the configuration.</summary>
    public void Raise() => OnReload();

    protected override void Dispose(bool disposing)
    {
        _watcher?.Remove(this);
        base.Dispose(disposing);
    }

    private static bool IsSame(IDictionary<string, string?> before, IDictionary<string, string?> now) =>
        before.Count == now.Count && now.All(entry => before.TryGetValue(entry.Key, out string? value) && value == entry.Value);

    /// <summary>Identifies a state of a file. For a link to it or to its folder, of the target: Kubernetes updates a mounted ConfigMap by
    /// replacing a link.</summary>
    private sealed record Stamp(string Path, DateTime Written, long Length)
    {
        public static Stamp? Of(string? path)
        {
            try
            {
                if (path is null || !File.Exists(path))
                {
                    return null;
                }

                FileInfo file = new(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path);
                string folder = Directory.ResolveLinkTarget(file.DirectoryName!, returnFinalTarget: true)?.FullName ?? file.DirectoryName!;
                return file.Exists ? new Stamp(System.IO.Path.Combine(folder, file.Name), file.LastWriteTimeUtc, file.Length) : null;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Deleted in the meantime.
                return null;
            }
        }
    }
}
