using System.Collections.Concurrent;
using System.Text.Json;

namespace OpenClaw.Soak.Tests.Edges;

/// <summary>The log of one edge, counted by message template.</summary>
internal sealed class EdgeLog(string name)
{
    private const int TailLength = 30;

    private readonly Lock _lock = new();
    private readonly ConcurrentQueue<string> _tail = new();
    private readonly Dictionary<(string Level, string Category, string Template), int> _templates = [];
    private readonly List<(string Template, string Evidence)> _unreadable = [];
    private int _lines;

    /// <summary>Lines as a person would see them, those of stack traces included.</summary>
    public int Lines
    {
        get
        {
            lock (_lock)
            {
                return _lines;
            }
        }
    }

    public void Add(string line)
    {
        _tail.Enqueue(line);
        while (_tail.Count > TailLength && _tail.TryDequeue(out _))
        {
            // Bounded.
        }

        lock (_lock)
        {
            try
            {
                Count(line);
            }
            catch (JsonException)
            {
                // No record of a logger: what the runtime writes when a process dies of an exception.
                _lines++;
                Count("none", "standard output or error", line);
                _unreadable.Add(("no record of the logger", line));
            }
        }
    }

    /// <summary>Stack traces and lines that no logger wrote, since this was last asked.</summary>
    public IReadOnlyList<(string Template, string Evidence)> TakeUnreadable()
    {
        lock (_lock)
        {
            List<(string, string)> taken = [.. _unreadable];
            _unreadable.Clear();
            return taken;
        }
    }

    public IReadOnlyDictionary<(string Level, string Category, string Template), int> Templates()
    {
        lock (_lock)
        {
            return new Dictionary<(string, string, string), int>(_templates);
        }
    }

    public string Tail() => $"{name}:{Environment.NewLine}{string.Join(Environment.NewLine, _tail)}";

    private void Count(string line)
    {
        using JsonDocument record = JsonDocument.Parse(line);
        JsonElement root = record.RootElement;
        string message = Text(root, "Message"), exception = Text(root, "Exception");
        string template = root.TryGetProperty("State", out JsonElement state) ? Text(state, "{OriginalFormat}") : message;
        _lines += 1 + message.Split('\n').Length + (exception.Length == 0 ? 0 : exception.Split('\n').Length);
        Count(Text(root, "LogLevel"), Text(root, "Category"), template.Length == 0 ? message : template);
        if (exception.Length > 0 || message.Contains("\n   at ", StringComparison.Ordinal)
            || message.Contains("unhandled", StringComparison.OrdinalIgnoreCase))
        {
            _unreadable.Add((template, exception.Length > 0 ? $"{message} | {exception}" : message));
        }
    }

    private void Count(string level, string category, string template)
    {
        (string, string, string) key = (level, category, template);
        _templates[key] = _templates.GetValueOrDefault(key) + 1;
    }

    private static string Text(JsonElement element, string property) =>
        element.TryGetProperty(property, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
