using System.Buffers;
using Microsoft.AspNetCore.Http.Features;

namespace OpenClaw.Edge.Proxying;

/// <summary>The original, encoded path of a request. <see cref="HttpRequest.Path"/> is decoded except for <c>%2F</c>, so <c>%2F</c> and
/// <c>%252F</c> look the same there, and encoding it again would send the upstream a different path.</summary>
internal static class RequestTarget
{
    // Characters that an upstream's URL parser may read as a slash or as the end of the path.
    private static readonly SearchValues<char> Misleading = SearchValues.Create("\\#");

    /// <summary>Reads the path, encoded, with dot segments removed as Kestrel removes them.</summary>
    /// <returns>False when the upstream could read another path or query than the one that was routed: control characters, spaces,
    /// backslashes, incomplete escapes, and dot segments between encoded slashes or with parameters.</returns>
    public static bool TryGetPath(HttpContext context, out string path)
    {
        path = "";
        string target = context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        ReadOnlySpan<char> raw = target;
        if (raw.ContainsAnyExceptInRange('!', '~'))
        {
            return false;
        }

        raw = PathOf(raw);
        string decoded = context.Request.Path.Value ?? "";
        if (!raw.Contains('%') && raw.SequenceEqual(decoded))
        {
            path = decoded;
            return !raw.ContainsAny(Misleading) && !(raw.Contains(';') && HasHiddenDotSegment(raw));
        }

        if (raw.IsEmpty || raw[0] != '/' || raw.ContainsAny(Misleading) || !IsEscapedWell(raw) || HasHiddenDotSegment(raw))
        {
            return false;
        }

        path = WithoutDotSegments(raw);
        // With the same number of slashes, both have the same segments.
        return path.AsSpan().Count('/') == decoded.AsSpan().Count('/');
    }

    /// <summary>Encodes a path changed by transforms. Trailing segments that it shares with <see cref="HttpRequest.Path"/> keep the
    /// client's encoding.</summary>
    /// <param name="raw">The request's path, encoded.</param>
    /// <param name="decoded">The request's path, decoded.</param>
    /// <param name="changed">The changed path, decoded.</param>
    /// <param name="path">The path to send, encoded.</param>
    /// <returns>False when a changed segment has a percent sign, which may or may not begin an escape.</returns>
    public static bool TryRewrite(string raw, string decoded, string changed, out string path)
    {
        path = raw;
        if (changed == decoded)
        {
            return true;
        }

        int shared = 0;
        while (shared < decoded.Length && shared < changed.Length && decoded[^(shared + 1)] == changed[^(shared + 1)])
        {
            shared++;
        }

        // Whole segments only.
        ReadOnlySpan<char> tail = changed.AsSpan(changed.Length - shared);
        int slash = tail.IndexOf('/');
        tail = slash < 0 ? default : tail[slash..];
        string head = changed[..^tail.Length];
        if (head.Contains('%'))
        {
            return false;
        }

        path = new PathString(head.Length > 0 && head[0] != '/' ? "/" + head : head).ToUriComponent() + LastSegments(raw, tail.Count('/'));
        return true;
    }

    private static ReadOnlySpan<char> PathOf(ReadOnlySpan<char> target)
    {
        int query = target.IndexOf('?');
        target = query < 0 ? target : target[..query];
        if (target.Length > 0 && target[0] != '/')
        {
            int scheme = target.IndexOf("://", StringComparison.Ordinal);
            int slash = scheme < 0 ? -1 : target[(scheme + 3)..].IndexOf('/');
            target = slash < 0 ? "/" : target[(scheme + 3 + slash)..];
        }

        return target;
    }

    private static bool IsEscapedWell(ReadOnlySpan<char> raw)
    {
        for (int i = raw.IndexOf('%'); i >= 0; i = raw.IndexOf('%'))
        {
            if (i + 2 >= raw.Length || !char.IsAsciiHexDigit(raw[i + 1]) || !char.IsAsciiHexDigit(raw[i + 2]))
            {
                return false;
            }

            raw = raw[(i + 3)..];
        }

        return true;
    }

    /// <summary>Whether a segment has <c>.</c> or <c>..</c> between encoded slashes or backslashes, or before parameters
    /// (<c>..;x=1</c>). An upstream that decodes them, or drops the parameters, would leave the route's path.</summary>
    private static bool HasHiddenDotSegment(ReadOnlySpan<char> raw)
    {
        bool isHidden = false;
        int start = 0;
        for (int i = 0; i <= raw.Length; i++)
        {
            bool isSlash = i < raw.Length && raw[i] == '/';
            bool isEncoded = i < raw.Length && raw[i] == '%' && raw.Slice(i + 1, 2) is (['2', 'f' or 'F'] or ['5', 'c' or 'C']);
            if (i < raw.Length && !isSlash && !isEncoded)
            {
                continue;
            }

            ReadOnlySpan<char> segment = raw[start..i];
            ReadOnlySpan<char> name = WithoutParameters(segment);
            if ((isHidden || isEncoded || name.Length < segment.Length) && DotsOf(name) > 0)
            {
                return true;
            }

            isHidden = isEncoded;
            start = i + (isEncoded ? 3 : 1);
        }

        return false;
    }

    private static ReadOnlySpan<char> WithoutParameters(ReadOnlySpan<char> segment)
    {
        int plain = segment.IndexOf(';');
        segment = plain < 0 ? segment : segment[..plain];
        int encoded = segment.IndexOf("%3b", StringComparison.OrdinalIgnoreCase);
        return encoded < 0 ? segment : segment[..encoded];
    }

    private static string WithoutDotSegments(ReadOnlySpan<char> raw)
    {
        List<string> segments = [];
        while (!raw.IsEmpty)
        {
            int end = raw[1..].IndexOf('/');
            ReadOnlySpan<char> segment = end < 0 ? raw[1..] : raw[1..(end + 1)];
            raw = end < 0 ? default : raw[(end + 1)..];
            int dots = DotsOf(segment);
            if (dots == 2 && segments.Count > 0)
            {
                segments.RemoveAt(segments.Count - 1);
            }

            if (dots == 0)
            {
                segments.Add(segment.ToString());
            }
            else if (raw.IsEmpty)
            {
                // A trailing dot segment leaves a trailing slash.
                segments.Add("");
            }
        }

        return "/" + string.Join('/', segments);
    }

    /// <summary>1 for <c>.</c>, 2 for <c>..</c>, also with escapes; 0 for any other segment.</summary>
    private static int DotsOf(ReadOnlySpan<char> segment)
    {
        int dots = 0;
        while (!segment.IsEmpty)
        {
            int length = segment[0] == '.' ? 1 : segment.StartsWith("%2e", StringComparison.OrdinalIgnoreCase) ? 3 : 0;
            if (length == 0 || ++dots > 2)
            {
                return 0;
            }

            segment = segment[length..];
        }

        return dots;
    }

    private static string LastSegments(string raw, int count)
    {
        int at = raw.Length;
        for (; count > 0; count--)
        {
            at = raw.LastIndexOf('/', at - 1);
        }

        return raw[at..];
    }
}
