using System.Text;

namespace OpenClaw.Edge.Commands;

/// <summary>Reads a line from the terminal without showing it.</summary>
internal sealed class HiddenInput(TextWriter prompt) : TextReader
{
    /// <summary>Standard input: hidden where it is a terminal.</summary>
    public static TextReader Standard => Console.IsInputRedirected ? Console.In : new HiddenInput(Console.Error);

    public override string ReadLine()
    {
        prompt.Write("API key: ");
        StringBuilder line = new();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } typed)
        {
            if (typed.Key != ConsoleKey.Backspace)
            {
                line.Append(typed.KeyChar);
            }
            else if (line.Length > 0)
            {
                line.Length--;
            }
        }

        prompt.WriteLine();
        return line.ToString();
    }
}
