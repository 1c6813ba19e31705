namespace OpenClaw.Console.Rules;

/// <summary>The caret's position in a JSON text that may be incomplete.</summary>
/// <param name="Path">Names of the objects' members around the caret; null for an item of an array. Ends with the member whose value is
/// expected, if one is.</param>
/// <param name="IsName">Whether a member's name is expected, not a value.</param>
/// <param name="Start">Start of the token at the caret.</param>
/// <param name="Typed">Part of the token before the caret, without quotes.</param>
/// <param name="Siblings">Names that the object has before the caret.</param>
internal sealed record JsonPosition(
    IReadOnlyList<string?> Path, bool IsName, int Start, string Typed, IReadOnlyCollection<string> Siblings)
{
    /// <summary>Reads the text before the caret.</summary>
    /// <returns>The position; null where neither a name nor a value is valid.</returns>
    public static JsonPosition? Read(string before)
    {
        Stack<Frame> frames = new();
        int i = 0;
        while (i < before.Length)
        {
            int start = i;
            char character = before[i++];
            Frame? frame = frames.Count > 0 ? frames.Peek() : null;
            switch (character)
            {
                case '{' or '[':
                    frames.Push(new Frame(character == '{'));
                    break;
                case '}' or ']':
                    if (frames.Count > 0)
                    {
                        frames.Pop();
                        End(frames);
                    }

                    break;
                case ':':
                    if (frame is not null)
                    {
                        frame.Expects = Expected.Value;
                    }

                    break;
                case ',':
                    if (frame is not null)
                    {
                        (frame.Expects, frame.Member) = (frame.IsObject ? Expected.Name : Expected.Value, null);
                    }

                    break;
                case '"':
                    while (i < before.Length && before[i] != '"')
                    {
                        i += before[i] == '\\' ? 2 : 1;
                    }

                    if (i >= before.Length)
                    {
                        return At(frames, start, before[(start + 1)..]);
                    }

                    string text = before[(start + 1)..i++];
                    if (frame is { Expects: Expected.Name })
                    {
                        frame.Member = text;
                        frame.Siblings.Add(text);
                        frame.Expects = Expected.Nothing;
                    }
                    else
                    {
                        End(frames);
                    }

                    break;
                default:
                    if (char.IsWhiteSpace(character))
                    {
                        break;
                    }

                    while (i < before.Length && !char.IsWhiteSpace(before[i]) && !"{}[]:,\"".Contains(before[i], StringComparison.Ordinal))
                    {
                        i++;
                    }

                    if (i == before.Length)
                    {
                        return At(frames, start, before[start..]);
                    }

                    End(frames);
                    break;
            }
        }

        return At(frames, before.Length, "");
    }

    private static JsonPosition? At(Stack<Frame> frames, int start, string typed) =>
        frames.Count == 0 || frames.Peek().Expects == Expected.Nothing ? null : new JsonPosition(
            [.. frames.Reverse().Where(frame => !frame.IsObject || frame.Member is not null).Select(frame => frame.Member)],
            frames.Peek().Expects == Expected.Name, start, typed, frames.Peek().Siblings);

    private static void End(Stack<Frame> frames)
    {
        if (frames.Count > 0)
        {
            frames.Peek().Expects = Expected.Nothing;
        }
    }

    private enum Expected
    {
        Name,
        Value,
        Nothing,
    }

    private sealed class Frame(bool isObject)
    {
        public bool IsObject => isObject;

        public Expected Expects { get; set; } = isObject ? Expected.Name : Expected.Value;

        public string? Member { get; set; }

        public HashSet<string> Siblings { get; } = new(StringComparer.OrdinalIgnoreCase);
    }
}
