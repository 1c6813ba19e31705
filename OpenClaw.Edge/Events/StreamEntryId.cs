using System.Globalization;

namespace OpenClaw.Edge.Events;

/// <summary>Id of an entry in a stream of Redis: milliseconds and a number within them.</summary>
internal readonly record struct StreamEntryId(ulong Milliseconds, ulong Sequence)
{
    /// <summary>The next possible id.</summary>
    public StreamEntryId Next =>
        Sequence == ulong.MaxValue ? new StreamEntryId(Milliseconds + 1, 0) : this with { Sequence = Sequence + 1 };

    /// <summary>The previous possible id; for the first id, itself.</summary>
    public StreamEntryId Previous => Sequence > 0 ? this with { Sequence = Sequence - 1 }
        : Milliseconds > 0 ? new StreamEntryId(Milliseconds - 1, ulong.MaxValue)
        : this;

    /// <summary>Parses <c>1700000000000-0</c>; the number may be missing.</summary>
    public static bool TryParse(string? text, out StreamEntryId position)
    {
        position = default;
        string[] parts = text?.Split('-') ?? [];
        ulong sequence = 0;
        if (parts.Length is not (1 or 2)
            || !ulong.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out ulong milliseconds)
            || (parts.Length == 2 && !ulong.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out sequence)))
        {
            return false;
        }

        position = new StreamEntryId(milliseconds, sequence);
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Milliseconds}-{Sequence}");
}
