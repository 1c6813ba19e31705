namespace Aspire.Hosting.ApplicationModel;

/// <summary>A text with places for values that are known only when the application runs.</summary>
public sealed class ReferenceExpression : IExpressionValue, IValueWithReferences
{
    /// <summary>The empty text.</summary>
    public static readonly ReferenceExpression Empty = new(string.Empty, [], []);

    private readonly IExpressionValue[] _values;
    private readonly string?[] _formats;

    private ReferenceExpression(string format, IExpressionValue[] values, string?[] formats)
    {
        Format = format;
        _values = values;
        _formats = formats;
    }

    /// <summary>The text as a composite format string; place n takes value n.</summary>
    public string Format { get; }

    /// <summary>The values.</summary>
    public IReadOnlyList<IValueProvider> ValueProviders => _values;

    /// <summary>How each value is encoded: <c>uri</c>, or null for as it is.</summary>
    public IReadOnlyList<string?> StringFormats => _formats;

    /// <summary>The manifest's expressions for the values.</summary>
    public IReadOnlyList<string> ManifestExpressions => [.. _values.Select(value => value.ValueExpression)];

    /// <inheritdoc />
    public string ValueExpression => string.Format(CultureInfo.InvariantCulture, Format, [.. ManifestExpressions]);

    IEnumerable<object> IValueWithReferences.References => _values;

    /// <summary>Makes an expression from an interpolated string.</summary>
    public static ReferenceExpression Create(ref ExpressionInterpolatedStringHandler handler) => handler.Build();

    /// <inheritdoc />
    public async ValueTask<string?> GetValueAsync(CancellationToken cancellationToken)
    {
        var arguments = new object?[_values.Length];
        for (var i = 0; i < arguments.Length; i++)
        {
            var value = await _values[i].GetValueAsync(cancellationToken);
            arguments[i] = _formats[i] == "uri" ? Uri.EscapeDataString(value ?? string.Empty) : value;
        }

        return string.Format(CultureInfo.InvariantCulture, Format, arguments);
    }

    /// <summary>Takes the parts of an interpolated string.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct ExpressionInterpolatedStringHandler
    {
        private readonly StringBuilder _format;
        private readonly List<IExpressionValue> _values;
        private readonly List<string?> _formats;

        /// <summary>For the compiler.</summary>
        public ExpressionInterpolatedStringHandler(int literalLength, int formattedCount)
        {
            _format = new StringBuilder(literalLength + (formattedCount * 3));
            _values = new List<IExpressionValue>(formattedCount);
            _formats = new List<string?>(formattedCount);
        }

        /// <summary>For the compiler: a literal part.</summary>
        public void AppendLiteral(string value) => _format.Append(value.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal));

        /// <summary>For the compiler: a text that is known already.</summary>
        public void AppendFormatted(string? value) => AppendLiteral(value ?? string.Empty);

        /// <summary>For the compiler: a value.</summary>
        public void AppendFormatted<T>(T valueProvider)
            where T : IValueProvider, IManifestExpressionProvider => AppendFormatted(valueProvider, format: null);

        /// <summary>For the compiler: a value and how to encode it.</summary>
        public void AppendFormatted<T>(T valueProvider, string? format)
            where T : IValueProvider, IManifestExpressionProvider
        {
            _format.Append(CultureInfo.InvariantCulture, $"{{{_values.Count}}}");
            _values.Add(valueProvider as IExpressionValue ?? new ExpressionValue(valueProvider, valueProvider));
            _formats.Add(format);
        }

        internal ReferenceExpression Build() => new(_format.ToString(), [.. _values], [.. _formats]);
    }

    private sealed class ExpressionValue(IValueProvider provider, IManifestExpressionProvider manifest) : IExpressionValue
    {
        public string ValueExpression => manifest.ValueExpression;

        public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken) => provider.GetValueAsync(cancellationToken);
    }
}
