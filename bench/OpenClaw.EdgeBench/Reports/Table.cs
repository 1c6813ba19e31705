using System.Text;

namespace OpenClaw.EdgeBench.Reports;

/// <summary>A Markdown table, with numbers to the right and names to the left.</summary>
internal sealed class Table
{
    private readonly StringBuilder _text = new();

    /// <param name="columns">Headings; the first is that of the names.</param>
    public Table(params string[] columns)
    {
        Line(columns);
        _text.Append("|---|").AppendJoin('|', columns.Skip(1).Select(_ => "--:")).AppendLine("|");
    }

    public void Row(string name, params IEnumerable<string> cells) => Line([name, .. cells]);

    public override string ToString() => _text.ToString();

    private void Line(IEnumerable<string> cells) => _text.Append("| ").AppendJoin(" | ", cells).AppendLine(" |");
}
