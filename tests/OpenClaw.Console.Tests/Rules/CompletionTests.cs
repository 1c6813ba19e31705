using System.Text.Json;
using OpenClaw.Console.Rules;
using OpenClaw.Console.Tests.Fakes;

namespace OpenClaw.Console.Tests.Rules;

public sealed class CompletionTests
{
    private static readonly RulesSchema Schema = new(JsonDocument.Parse(FakeRules.Schema).RootElement);
    private static readonly KnownNames Names = new(
        new Dictionary<string, IReadOnlyList<string>> { ["rating"] = ["burst", "daily"], ["address"] = ["address"] }, ["gold", "silver"],
            ["acme", "globex"]);

    // | is the caret.
    [Theory]
    [InlineData("{|", "AddressPolicy Policies Tiers Clients Allow Deny")]
    [InlineData("{ \"Po|", "Policies AddressPolicy")]
    [InlineData("{ \"Allow\": {}, |", "AddressPolicy Policies Tiers Clients Deny")]
    [InlineData("{ \"Policies\": { \"|", "rating address")]
    [InlineData("{ \"Policies\": { \"rating\": { \"Buckets\": { |", "burst daily")]
    [InlineData("{ \"Policies\": { \"rating\": { \"Buckets\": { \"burst\": { \"Cap|", "Capacity")]
    [InlineData("{ \"Policies\": { \"rating\": { \"PartitionBy\": |", "client address route global header:")]
    [InlineData("{ \"Policies\": { \"rating\": { \"PartitionBy\": \"he|\" } } }", "header:")]
    [InlineData("{ \"Policies\": { \"rating\": { \"PartitionBy\": \"a|\" } } }", "address global header:")]
    [InlineData("{ \"Policies\": { \"rating\": { \"Shadow\": t|", "true")]
    [InlineData("{ \"policies\": { \"rating\": { \"failuremode\": \"O|", "Open Local Closed")]
    [InlineData("{ \"Tiers\": { \"gold\": { \"ra|", "rating")]
    [InlineData("{ \"Tiers\": { \"gold\": { \"rating\": { |", "burst daily")]
    [InlineData("{ \"Clients\": { \"acme\": { \"Tier\": |", "gold silver")]
    [InlineData("{ \"Clients\": { \"acme\": { \"Tier\": \"gold\" }, |", "globex")]
    [InlineData("{ \"Deny\": { \"Clients\": [ \"acme\", |", "acme globex")]
    [InlineData("{ \"AddressPolicy\": \"|", "rating address")]
    [InlineData("{ \"Policies\": { \"with \\\" and { in it\": { \"Sha|", "Shadow")]
    [InlineData("{ \"Allow\"|", "")]
    [InlineData("{ \"Allow\" |", "")]
    [InlineData("{ \"Allow\": {} |", "")]
    [InlineData("{} |", "")]
    [InlineData("|", "")]
    [InlineData("}]|", "")]
    public void Find_AtTheCaret_SuggestsWhatCanStandThere(string text, string expected)
    {
        string[] parts = text.Split('|');

        Completion? completion = Completion.Find(parts[0], parts[1], Schema, Names);

        Assert.Equal(expected, string.Join(' ', completion?.Suggestions.Select(suggestion => suggestion.Label) ?? []));
    }

    [Theory]
    [InlineData("{ \"Al|", "{ \"Allow\": ")]
    [InlineData("{ \"Al|\": {} }", "{ \"Allow\": {} }")]
    [InlineData("{ Al|", "{ \"Allow\": ")]
    [InlineData("{ \"AddressPolicy\": \"ra|\" }", "{ \"AddressPolicy\": \"rating\" }")]
    [InlineData("{ \"AddressPolicy\": ra|", "{ \"AddressPolicy\": \"rating\"")]
    [InlineData("{ \"Clients\": { \"acme\": { \"Enabled\": f| } } }", "{ \"Clients\": { \"acme\": { \"Enabled\": false } } }")]
    public void Find_Taken_ReplacesWhatIsTyped(string text, string expected)
    {
        string[] parts = text.Split('|');
        Completion completion = Completion.Find(parts[0], parts[1], Schema, Names)!;

        string taken = parts[0][..^completion.Before] + completion.Suggestions[0].Insert + parts[1][completion.After..];

        Assert.Equal(expected, taken);
    }

    [Fact]
    public void Find_WithoutASchema_SuggestsNamesInForce()
    {
        Completion completion = Completion.Find("{ \"Clients\": { ", "", null, Names)!;

        Assert.Equal(["acme", "globex"], completion.Suggestions.Select(suggestion => suggestion.Label));
        Assert.Null(Completion.Find("{ ", "", null, Names));
    }

    [Fact]
    public void Schema_ThatRefersToItself_Ends()
    {
        const string Circular = """{ "$ref": "#", "anyOf": [ { "$ref": "#" }, { "properties": { "A": {} } } ] }""";
        RulesSchema schema = new(JsonDocument.Parse(Circular).RootElement);

        Assert.Equal(["A"], schema.NamesAt([]));
    }

    [Fact]
    public void Diff_OfLongDocuments_LeavesEqualLinesOut()
    {
        string before = string.Join('\n', Enumerable.Range(1, 100));

        RulesDiff diff = RulesDiff.Between(before, before.Replace("\n50\n", "\nfifty\n", StringComparison.Ordinal));

        Assert.Equal((1, 1), (diff.Added, diff.Removed));
        Assert.Equal(["", "47", "48", "49", "50", "fifty", "51", "52", "53", ""], diff.Lines.Select(line => line.Text));
        Assert.Equal(RulesDiff.Kind.Gap, diff.Lines[0].Kind);
        Assert.Equal((0, 0), (RulesDiff.Between(before, before).Added, RulesDiff.Between(before, before).Removed));
    }
}
