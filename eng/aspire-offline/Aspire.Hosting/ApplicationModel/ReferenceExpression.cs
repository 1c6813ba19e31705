namespace Aspire.Hosting.ApplicationModel;

/// <summary>A text with places for values that are known only when the application runs.</summary>
public sealed class ReferenceExpression : IExpressionValue, IValueWithReferences
{
    private readonly string _format;
    private readonly (IExpressionValue Value, string? Encoding)[] _parts;

    private ReferenceExpression(string format, (IExpressionValue Value, string? Encoding)[] parts) => (_format, _parts) = (format, parts);

    /// <inheritdoc />
    public string ValueExpression => Fill((value, _) => value.ValueExpression);

    IEnumerable<object> IValueWithReferences.References => _parts.Select(part => part.Value);

    /// <summary>Makes an expression from an interpolated string.</summary>
    public static ReferenceExpression Create(ref ExpressionInterpolatedStringHandler handler) => handler.Build();

    /// <inheritdoc />
    public async ValueTask<string?> GetValueAsync(CancellationToken cancellationToken)
    {
        var values = new Dictionary<IExpressionValue, string?>();
        foreach (var (value, _) in _parts)
        {
            values[value] = await value.GetValueAsync(cancellationToken);
        }

        return Fill((value, encoding) => encoding == "uri" ? Uri.EscapeDataString(values[value] ?? string.Empty) : values[value]);
    }

    /// <summary>Puts a text in place of each value.</summary>
    /// <param name="text">Takes the value and how it is to be encoded: <c>uri</c>, or null for as it is.</param>
    internal string Fill(Func<IExpressionValue, string?, string?> text) =>
        string.Format(CultureInfo.InvariantCulture, _format, [.. _parts.Select(part => text(part.Value, part.Encoding))]);

    /// <summary>Takes the parts of an interpolated string.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct ExpressionInterpolatedStringHandler(int literalLength, int formattedCount)
    {
        private readonly StringBuilder _format = new(literalLength + (formattedCount * 3));
        private readonly List<(IExpressionValue, string?)> _parts = new(formattedCount);

        /// <summary>For the compiler: a literal part.</summary>
        public void AppendLiteral(string value) => _format.Append(value.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal));

        /// <summary>For the compiler: a text that is known already.</summary>
        public void AppendFormatted(string? value) => AppendLiteral(value ?? string.Empty);

        /// <summary>For the compiler: a value, and how to encode it.</summary>
        public void AppendFormatted(IExpressionValue valueProvider, string? format = null)
        {
            _format.Append(CultureInfo.InvariantCulture, $"{{{_parts.Count}}}");
            _parts.Add((valueProvider, format));
        }

        internal ReferenceExpression Build() => new(_format.ToString(), [.. _parts]);
    }
}
