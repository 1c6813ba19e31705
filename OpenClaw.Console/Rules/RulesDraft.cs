using System.Text.Encodings.Web;
using System.Text.Json;
using OpenClaw.Console.Edge.Model;

namespace OpenClaw.Console.Rules;

/// <summary>A rules document that is being edited: its text, the version that it is based on, a newer one, and the last check.</summary>
internal sealed class RulesDraft
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private RulesDiff? _diff;
    private EditorText? _restored;
    private string? _checked;
    private IReadOnlyList<string>? _errors;

    /// <summary>The version that the text is based on; null until the first one has arrived.</summary>
    public RulesText? Stored { get; private set; }

    /// <summary>A version that was written meanwhile and is not shown; null: there is none.</summary>
    public RulesText? Newer { get; private set; }

    /// <summary>The latest version known.</summary>
    public RulesText? Current => Newer ?? Stored;

    /// <summary>The text in the editor.</summary>
    public string Text { get; private set; } = "";

    /// <summary>Changes when the text is replaced or gets another base. Answers requested at another revision are out of date.</summary>
    public int Revision { get; private set; }

    /// <summary>Whether the text differs from the version that it is based on.</summary>
    public bool IsChanged => Stored is not null && Text != Stored.Text;

    /// <summary>Whether the text is unchanged and a newer version should replace it.</summary>
    public bool IsOutdated => Newer is not null && !IsChanged;

    /// <summary>Whether the text is changed and valid.</summary>
    public bool CanApply => IsChanged && CheckProblem is null && Errors is { Count: 0 };

    /// <summary>Errors of the text; null until it was checked.</summary>
    public IReadOnlyList<string>? Errors => _checked == Text ? _errors : null;

    /// <summary>Reason why the text cannot be checked; null if it can.</summary>
    public string? CheckProblem { get; private set; }

    /// <summary>Whether the text has to be checked, or checked again.</summary>
    public bool NeedsCheck => _checked != Text || CheckProblem is not null;

    /// <summary>Unsaved text of an earlier page, as long as the text is changed; null: nothing was restored.</summary>
    public EditorText? Restored => IsChanged ? _restored : null;

    /// <summary>Changes from the latest version to the text; null until the first version has arrived.</summary>
    public RulesDiff? Diff => Current is null ? null : _diff ??= RulesDiff.Between(Current.Text, Text);

    /// <summary>Takes the version in Redis.</summary>
    /// <param name="rules">The version.</param>
    /// <param name="revision">Revision at which it was requested.</param>
    public void Arrived(RulesText rules, int revision)
    {
        if (revision != Revision || (Current is not null && Current.Version == rules.Version))
        {
            return;
        }

        // Text areas have no other line ends.
        rules = rules with { Text = rules.Text.ReplaceLineEndings("\n") };
        if (Stored is null)
        {
            Base(rules);
            SetText(rules.Text);
        }
        else
        {
            Newer = rules.Version == Stored.Version ? null : rules;
            SetText(Text);
        }
    }

    /// <summary>Takes the text that the editor shows.</summary>
    /// <param name="text">The text.</param>
    /// <param name="revision">Revision at which it was requested.</param>
    public void Typed(string text, int revision)
    {
        if (revision == Revision)
        {
            SetText(text);
        }
    }

    /// <summary>Takes the text that the editor shows first, which may be unsaved text of an earlier page.</summary>
    /// <param name="shown">The text.</param>
    /// <param name="revision">Revision at which it was requested.</param>
    public void Shown(EditorText shown, int revision)
    {
        if (revision == Revision)
        {
            _restored = shown.SavedAt is null ? null : shown;
            SetText(shown.Text);
        }
    }

    /// <summary>Takes a newer version that the editor has replaced the unchanged text with.</summary>
    /// <param name="newer">The version.</param>
    /// <param name="revision">Revision at which it was replaced.</param>
    public void Replaced(RulesText newer, int revision)
    {
        if (revision == Revision)
        {
            Base(newer);
            SetText(newer.Text);
        }
    }

    /// <summary>Returns to the latest version.</summary>
    public void Discarded()
    {
        Base(Current!);
        SetText(Current!.Text);
    }

    /// <summary>Indents the text.</summary>
    /// <returns>Whether it is JSON; otherwise nothing changes.</returns>
    public bool TryFormat()
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(Text);
            Revision++;
            SetText(JsonSerializer.Serialize(document.RootElement, Indented).ReplaceLineEndings("\n"));
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Takes the version that was written. The text may have changed since it was sent.</summary>
    /// <param name="version">The new version.</param>
    /// <param name="text">The text that was sent.</param>
    public void Applied(string version, string text)
    {
        Base(new RulesText(version, version, text));
        SetText(Text);
    }

    /// <summary>Takes the result of a check.</summary>
    /// <param name="text">The text that was checked.</param>
    /// <param name="errors">Its errors.</param>
    public void Checked(string text, IReadOnlyList<string> errors)
    {
        if (text == Text)
        {
            (_checked, _errors, CheckProblem) = (text, errors, null);
        }
    }

    /// <summary>Takes the reason why a text could not be checked.</summary>
    /// <param name="text">The text.</param>
    /// <param name="problem">The reason.</param>
    public void CheckFailed(string text, string problem)
    {
        if (text == Text)
        {
            CheckProblem = problem;
        }
    }

    private void Base(RulesText rules)
    {
        (Stored, Newer, _restored, _diff) = (rules, null, null, null);
        Revision++;
    }

    // A text that equals the newer version is based on it.
    private void SetText(string text)
    {
        (Text, _diff) = (text, null);
        if (Newer?.Text == text)
        {
            Base(Newer);
        }
    }
}
