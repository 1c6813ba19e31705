using OpenClaw.Console.Edge.Model;
using OpenClaw.Console.Rules;

namespace OpenClaw.Console.Tests.Rules;

public sealed class RulesDraftTests
{
    private const string Typed = "{ \"Deny\": {} }";
    private static readonly RulesText First = new("1", "1", "{}");
    private static readonly RulesText Second = new("2", "2", "{ \"Allow\": {} }");
    private static readonly RulesText Third = new("3", "3", "{ \"Tiers\": {} }");

    private readonly RulesDraft _draft = new();

    public RulesDraftTests() => _draft.Arrived(First, _draft.Revision);

    [Fact]
    public void Arrived_FirstVersion_IsTheText()
    {
        Assert.Equal((First, "{}", false), (_draft.Stored, _draft.Text, _draft.IsChanged));
        Assert.Equal(0, _draft.Diff!.Added);
    }

    [Fact]
    public void Arrived_WindowsLineEnds_IsUnchangedInATextArea()
    {
        RulesDraft draft = new();

        draft.Arrived(new RulesText("1", "1", "{\r\n}\r\n"), draft.Revision);
        draft.Typed("{\n}\n", draft.Revision);

        Assert.False(draft.IsChanged);
    }

    [Fact]
    public void Arrived_NoDocumentTwice_IsNothingNewer()
    {
        RulesDraft draft = new();

        draft.Arrived(new RulesText(null, null, "{}"), draft.Revision);
        draft.Arrived(new RulesText(null, null, "{}"), draft.Revision);

        Assert.Null(draft.Newer);
    }

    [Fact]
    public void Arrived_NewerVersionOfUnchangedText_IsOutdatedUntilReplaced()
    {
        _draft.Arrived(Second, _draft.Revision);
        _draft.Arrived(Second, _draft.Revision);
        Assert.True(_draft.IsOutdated);
        Check();
        Assert.False(_draft.CanApply);

        _draft.Replaced(Second, _draft.Revision);

        Assert.Equal((Second, null, Second.Text), (_draft.Stored, _draft.Newer, _draft.Text));
        Assert.Equal((false, false), (_draft.IsOutdated, _draft.IsChanged));
    }

    [Fact]
    public void Arrived_NewerVersionOfChangedText_KeepsTheTextAndComparesWithTheNewerVersion()
    {
        Type(Typed);

        _draft.Arrived(Second, _draft.Revision);

        Assert.Equal((First, Second, Typed), (_draft.Stored, _draft.Newer, _draft.Text));
        Assert.False(_draft.IsOutdated);
        Assert.Contains(_draft.Diff!.Lines, line => line == new RulesDiff.Line(RulesDiff.Kind.Removed, Second.Text));
        Check();
        Assert.True(_draft.CanApply);
    }

    [Fact]
    public void Arrived_TheTextItself_IsAdopted()
    {
        Type(Second.Text);

        _draft.Arrived(Second, _draft.Revision);

        Assert.Equal((Second, null, false), (_draft.Stored, _draft.Newer, _draft.IsChanged));
    }

    [Fact]
    public void Arrived_VersionOfTheTextAgain_IsNothingNewer()
    {
        Type(Typed);
        _draft.Arrived(Second, _draft.Revision);

        _draft.Arrived(First, _draft.Revision);

        Assert.Equal((First, null, Typed), (_draft.Stored, _draft.Newer, _draft.Text));
    }

    [Fact]
    public void Typed_TextOfTheNewerVersion_IsAdopted()
    {
        _draft.Arrived(Second, _draft.Revision);

        // The browser has replaced the text after its answer was no longer waited for.
        Type(Second.Text);

        Assert.Equal((Second, null, false), (_draft.Stored, _draft.Newer, _draft.IsChanged));
        Check();
        Assert.False(_draft.CanApply);
    }

    [Fact]
    public void Discarded_WithANewerVersion_ShowsIt()
    {
        Type(Typed);
        _draft.Arrived(Second, _draft.Revision);

        _draft.Discarded();

        Assert.Equal((Second, null, Second.Text), (_draft.Stored, _draft.Newer, _draft.Text));
        Assert.Equal((0, 0), (_draft.Diff!.Added, _draft.Diff.Removed));
    }

    [Fact]
    public void Arrived_RequestedBeforeApplied_IsDropped()
    {
        Type(Typed);
        int before = _draft.Revision;

        _draft.Applied("2", Typed);
        _draft.Arrived(First, before);
        _draft.Arrived(Third, before);

        Assert.Equal(("2", null, Typed), (_draft.Stored!.Version, _draft.Newer, _draft.Text));
    }

    [Fact]
    public void Typed_RequestedBeforeDiscardedOrFormatted_IsDropped()
    {
        Type(Typed);
        int before = _draft.Revision;
        _draft.Discarded();
        _draft.Typed(Typed, before);
        Assert.Equal(First.Text, _draft.Text);

        Type(Typed);
        before = _draft.Revision;
        Assert.True(_draft.TryFormat());
        _draft.Typed(Typed, before);
        Assert.Equal("{\n  \"Deny\": {}\n}", _draft.Text);
    }

    [Fact]
    public void Replaced_AskedForBeforeDiscarded_IsDropped()
    {
        _draft.Arrived(Second, _draft.Revision);
        int before = _draft.Revision;
        _draft.Discarded();
        _draft.Arrived(Third, _draft.Revision);

        _draft.Replaced(Second, before);

        Assert.Equal(Third, _draft.Newer);
    }

    [Fact]
    public void Applied_TextTypedSinceItWasSent_IsAChange()
    {
        Type(Typed);

        Type("{ }");
        _draft.Applied("2", Typed);

        Assert.Equal((new RulesText("2", "2", Typed), "{ }", true), (_draft.Stored, _draft.Text, _draft.IsChanged));
    }

    [Fact]
    public void Checked_AnotherText_IsDropped()
    {
        Type(Typed);

        _draft.Checked("{}", []);
        _draft.CheckFailed("{}", "No answer.");

        Assert.Equal((null, null, true, false), (_draft.Errors, _draft.CheckProblem, _draft.NeedsCheck, _draft.CanApply));
    }

    [Fact]
    public void CanApply_ChangedText_NeedsACheckWithoutErrors()
    {
        Type(Typed);
        _draft.Checked(Typed, ["wrong"]);
        Assert.Equal((false, false), (_draft.CanApply, _draft.NeedsCheck));

        _draft.CheckFailed(Typed, "No answer.");
        Assert.Equal((false, true), (_draft.CanApply, _draft.NeedsCheck));

        Check();
        Assert.Equal((true, false), (_draft.CanApply, _draft.NeedsCheck));
    }

    [Fact]
    public void TryFormat_NoJson_ChangesNothing()
    {
        Type("{");

        Assert.False(_draft.TryFormat());

        Assert.Equal("{", _draft.Text);
    }

    [Fact]
    public void Shown_SavedText_IsAChangeUntilItIsDiscardedOrApplied()
    {
        EditorText saved = new(Typed, DateTimeOffset.UnixEpoch, "0");

        _draft.Shown(saved, _draft.Revision);
        Assert.Equal((saved, true), (_draft.Restored, _draft.IsChanged));

        _draft.Discarded();
        Type(Typed);
        Assert.Null(_draft.Restored);

        _draft.Shown(saved, _draft.Revision);
        _draft.Applied("2", Typed);
        Type("{ }");
        Assert.Null(_draft.Restored);
    }

    [Fact]
    public void Shown_NothingSaved_IsUnchanged()
    {
        _draft.Shown(new EditorText("{}", null, null), _draft.Revision);

        Assert.Equal((null, false), (_draft.Restored, _draft.IsChanged));
    }

    private void Type(string text) => _draft.Typed(text, _draft.Revision);

    private void Check() => _draft.Checked(_draft.Text, []);
}
