using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fluid;
using OpenClaw.Notifier.Events;

namespace OpenClaw.Notifier.Email;

/// <summary>The Liquid templates of mails. A mail has four parts: <c>summary</c>, one sentence that the others use, <c>subject</c>,
/// <c>text</c> and <c>html</c>. The file of a part is <c>part.liquid</c> in a folder with the name of the event's type, or in
/// <c>default</c>; files of operators take precedence over the shipped ones.</summary>
internal sealed class MailTemplates
{
    public const string Summary = "summary";
    public const string Subject = "subject";
    public const string Text = "text";
    public const string Html = "html";

    private const string Default = "default";
    private const string Extension = ".liquid";
    private const int MaxSteps = 100_000;
    private const int MaxRecursion = 20;

    private static readonly string[] Parts = [Summary, Subject, Text, Html];
    private static readonly string Shipped = Path.Combine(AppContext.BaseDirectory, "Templates");
    private static readonly TemplateOptions Options = new() { MaxSteps = MaxSteps, MaxRecursion = MaxRecursion };

    private readonly Dictionary<(string Type, string Part), IFluidTemplate> _templates = [];

    /// <summary>Reads all templates.</summary>
    /// <param name="folder">Folder with templates of operators; null: none.</param>
    /// <param name="errors">Receives an error for each file that is not a template.</param>
    public MailTemplates(string? folder, List<string> errors)
    {
        FluidParser parser = new();
        foreach (string root in string.IsNullOrEmpty(folder) ? [Shipped] : new[] { Shipped, folder })
        {
            foreach (string type in EventTypes.All.Prepend(Default))
            {
                foreach (string part in Parts)
                {
                    Read(parser, Path.Combine(root, type, part + Extension), (type, part), errors);
                }
            }
        }
    }

    /// <summary>Finds files that are not used, such as misspelt ones.</summary>
    public static IEnumerable<string> FindUnused(string folder) => Directory
        .EnumerateFiles(folder, $"*{Extension}", SearchOption.AllDirectories)
        .Where(file => !(Path.GetDirectoryName(Path.GetRelativePath(folder, file)) is { } type
            && (type == Default || EventTypes.All.Contains(type)) && Parts.Contains(Path.GetFileNameWithoutExtension(file))));

    /// <summary>Writes a part of a mail.</summary>
    /// <param name="part">The part.</param>
    /// <param name="type">Type of the event.</param>
    /// <param name="members">The event's members that the receiver may see.</param>
    /// <param name="toOperators">Whether only operators get the mail.</param>
    /// <param name="summary">The part <see cref="Summary"/>, for the others.</param>
    /// <returns>The text. Values in <see cref="Html"/> are escaped.</returns>
    public string Write(string part, string type, JsonObject members, bool toOperators, string summary = "")
    {
        TemplateContext context = new(Options);
        context.SetValue("event", members.ToDictionary(member => member.Key, member => ValueOf(member.Value)));
        context.SetValue(Summary, summary);
        context.SetValue("operators", toOperators);
        IFluidTemplate template = _templates.GetValueOrDefault((type, part)) ?? _templates[(Default, part)];
        return template.Render(context, part == Html ? HtmlEncoder.Default : NullEncoder.Default, isolateContext: false);
    }

    private static object? ValueOf(JsonNode? node) => node is not JsonValue value ? node?.ToJsonString() : value.GetValueKind() switch
    {
        JsonValueKind.String => value.GetValue<string>(),
        JsonValueKind.Number => value.TryGetValue(out decimal number) ? number : value.ToJsonString(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    private void Read(FluidParser parser, string file, (string, string) key, List<string> errors)
    {
        try
        {
            if (!File.Exists(file))
            {
                return;
            }

            if (parser.TryParse(File.ReadAllText(file), out IFluidTemplate? template, out string? error))
            {
                _templates[key] = template;
            }
            else
            {
                errors.Add($"{file} is not a Liquid template: {error}");
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            errors.Add($"{file} cannot be read: {exception.Message}");
        }
    }
}
