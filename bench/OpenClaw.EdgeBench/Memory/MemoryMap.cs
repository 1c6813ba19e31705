using System.Globalization;

namespace OpenClaw.EdgeBench.Memory;

/// <summary>Resident memory of a process by kind, in MiB.</summary>
/// <param name="Files">Of assemblies and native libraries, which the kernel can drop and read again.</param>
/// <param name="Code">Compiled code and the runtime's own tables of it (<c>memfd:doublemapper</c>).</param>
/// <param name="Anonymous">The managed heap, native heaps and stacks.</param>
internal sealed record MemoryMap(double Files, double Code, double Anonymous)
{
    private const double KibibytesPerMebibyte = 1024;

    public double Resident => Files + Code + Anonymous;

    public static MemoryMap Of(int processId)
    {
        double files = 0, code = 0, anonymous = 0;
        string name = "";
        foreach (string line in File.ReadLines($"/proc/{processId}/smaps"))
        {
            if (line.StartsWith("Rss:", StringComparison.Ordinal))
            {
                double size = long.Parse(
                    line[4..^2], NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture)
                    / KibibytesPerMebibyte;
                if (name.StartsWith("/memfd:doublemapper", StringComparison.Ordinal))
                {
                    code += size;
                }
                else if (name.StartsWith('/'))
                {
                    files += size;
                }
                else
                {
                    anonymous += size;
                }
            }
            else if (char.IsAsciiHexDigitLower(line[0]))
            {
                string[] fields = line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries);
                name = fields.Length == 6 ? fields[5] : "";
            }
        }

        return new MemoryMap(files, code, anonymous);
    }
}
