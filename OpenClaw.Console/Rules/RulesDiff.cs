using DiffPlex.DiffBuilder;
using DiffPlex.DiffBuilder.Model;

namespace OpenClaw.Console.Rules;

/// <summary>The difference of two documents, each change with some context lines.</summary>
/// <param name="Lines">The lines; a gap stands for equal lines.</param>
/// <param name="Added">Number of lines added.</param>
/// <param name="Removed">Number of lines removed.</param>
public sealed record RulesDiff(IReadOnlyList<RulesDiff.Line> Lines, int Added, int Removed)
{
    private const int Context = 3;

    /// <summary>Kinds of lines.</summary>
    public enum Kind
    {
        /// <summary>In both.</summary>
        Equal,

        /// <summary>In the new document only.</summary>
        Added,

        /// <summary>In the old document only.</summary>
        Removed,

        /// <summary>Equal lines that are left out.</summary>
        Gap,
    }

    /// <summary>Compares two documents.</summary>
    public static RulesDiff Between(string before, string after)
    {
        List<DiffPiece> pieces = InlineDiffBuilder.Diff(before, after, ignoreWhiteSpace: false).Lines;
        bool[] shown = new bool[pieces.Count];
        for (int i = 0; i < pieces.Count; i++)
        {
            if (pieces[i].Type != ChangeType.Unchanged)
            {
                Array.Fill(shown, true, Math.Max(0, i - Context), Math.Min(pieces.Count, i + Context + 1) - Math.Max(0, i - Context));
            }
        }

        List<Line> lines = [];
        for (int i = 0; i < pieces.Count; i++)
        {
            if (shown[i])
            {
                lines.Add(new Line(KindOf(pieces[i].Type), pieces[i].Text ?? ""));
            }
            else if (lines.Count == 0 || lines[^1].Kind != Kind.Gap)
            {
                lines.Add(new Line(Kind.Gap, ""));
            }
        }

        return new RulesDiff(
            lines,
            pieces.Count(piece => piece.Type == ChangeType.Inserted),
            pieces.Count(piece => piece.Type == ChangeType.Deleted));
    }

    private static Kind KindOf(ChangeType type) => type switch
    {
        ChangeType.Inserted => Kind.Added,
        ChangeType.Deleted => Kind.Removed,
        _ => Kind.Equal,
    };

    /// <summary>A line.</summary>
    public sealed record Line(Kind Kind, string Text);
}
