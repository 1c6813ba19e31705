using System.Text;
using OpenClaw.Soak.Tests.Edges;
using OpenClaw.Soak.Tests.Traffic;

namespace OpenClaw.Soak.Tests;

/// <summary>What the run prints, and writes to a file while it lasts.</summary>
internal sealed class Report
{
    private readonly string _path;
    private readonly StringBuilder _text = new();

    public Report(string path)
    {
        _path = path;
        File.WriteAllText(path, "");
    }

    public void Line(string line)
    {
        _text.AppendLine(line);
        File.AppendAllText(_path, line + Environment.NewLine);
        Console.WriteLine(line);
    }

    public void Phases(IReadOnlyList<Phase> phases)
    {
        Line("");
        Line($"{"fault",-34} {"phases",6} {"requests",9} {"longest",8} {"back",7} {"lines",6}  answers");
        IEnumerable<(string, IEnumerable<Phase>)> rows = phases.GroupBy(phase => phase.Fault)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => (group.Key, (IEnumerable<Phase>)group))
            .Concat(phases.SelectMany(phase => phase.Besides).Distinct().Order(StringComparer.Ordinal)
                .Select(side => ($"+ {side}", phases.Where(phase => phase.Besides.Contains(side)))))
            .Append(("all", phases));
        foreach ((string name, IEnumerable<Phase> of) in rows)
        {
            Answers answers = new();
            foreach (Phase phase in of)
            {
                answers.Add(phase.Answers);
            }

            Line($"{name,-34} {of.Count(),6} {answers.Total,9} {answers.Longest,6:0.00} s "
                + $"{of.Max(phase => phase.Recovery),5:0.0} s {of.Sum(phase => phase.LogLines),6}  {answers}");
        }
    }

    public void Resources(IEnumerable<ResourceLog> edges)
    {
        Line("");
        Line($"{"edge",-8} {"from",7} {"resident",9} {"heap",9} {"threads",8} {"files",6}   (medians of each quarter)");
        foreach (ResourceLog edge in edges)
        {
            foreach (ResourceLog.Sample quarter in edge.Quarters())
            {
                Line($"{edge.Name,-8} {quarter.Second,5:0} s {quarter.Resident / 1048576.0,6:0.0} MB {quarter.Heap / 1048576.0,6:0.0} MB "
                    + $"{quarter.Threads,8} {quarter.Files,6}");
            }
        }
    }

    public void Log(IEnumerable<EdgeLog> logs)
    {
        Line("");
        Line($"{"records",7}  of the log of all edges, by template");
        foreach (var template in logs.SelectMany(log => log.Templates()).GroupBy(item => item.Key)
            .Select(group => (group.Key, Count: group.Sum(item => item.Value))).OrderByDescending(item => item.Count))
        {
            string text = template.Key.Template.ReplaceLineEndings(" ");
            Line($"{template.Count,7}  {template.Key.Level,-11} {template.Key.Category}: {text[..Math.Min(text.Length, 110)]}");
        }
    }

    public override string ToString() => _text.ToString();
}
