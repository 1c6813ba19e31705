namespace OpenClaw.RatingApi.Ratings;

/// <summary>What is wrong with a request, by the name of the field.</summary>
internal sealed class FieldErrors
{
    /// <summary>Stands for the whole body where no single field is to blame.</summary>
    public const string Body = "body";

    private readonly SortedDictionary<string, List<string>> _messages = new(StringComparer.Ordinal);

    /// <param name="field">The field's name.</param>
    /// <param name="message">Completes a sentence that starts with the name.</param>
    public FieldErrors Add(string field, string message)
    {
        if (!_messages.TryGetValue(field, out List<string>? messages))
        {
            _messages.Add(field, messages = []);
        }

        messages.Add($"{field} {message}");
        return this;
    }

    /// <summary>In the shape of ASP.NET's validation problems.</summary>
    public IDictionary<string, string[]> ToDictionary() => _messages.ToDictionary(pair => pair.Key, pair => pair.Value.ToArray());

    /// <summary>All messages as one text.</summary>
    public override string ToString() => string.Join(' ', _messages.Values.SelectMany(messages => messages));
}
