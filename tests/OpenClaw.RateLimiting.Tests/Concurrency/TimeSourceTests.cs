using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using OpenClaw.RateLimiting.Limiter;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.Concurrency;

/// <summary>The limiter reads time from Redis and from its <see cref="TimeProvider"/> only: no test clock and no skew could show what reads
/// it elsewhere.</summary>
public sealed class TimeSourceTests
{
    private static readonly string[] Clocks =
    [
        "DateTime.get_Now", "DateTime.get_UtcNow", "DateTime.get_Today", "DateTimeOffset.get_Now", "DateTimeOffset.get_UtcNow",
        "Stopwatch.GetTimestamp", "Stopwatch.GetElapsedTime", "Stopwatch.StartNew", "Stopwatch..ctor", "Environment.get_TickCount",
        "Environment.get_TickCount64",
    ];

    [Fact]
    public void Library_ReadsNoClockOfItsOwn() => Assert.Empty(ClocksReadBy(typeof(RateLimiterClient).Assembly));

    [Fact]
    public void Tests_ReadClocks_AreFound() => Assert.Contains("Stopwatch.GetTimestamp", ClocksReadBy(typeof(TimeSourceTests).Assembly));

    // Every member of another assembly that is used anywhere, in code that the compiler made, too.
    private static List<string> ClocksReadBy(Assembly assembly)
    {
        using PEReader file = new(File.OpenRead(assembly.Location));
        MetadataReader metadata = file.GetMetadataReader();
        return
        [
            .. metadata.MemberReferences.Select(metadata.GetMemberReference)
                .Where(member => member.Parent.Kind == HandleKind.TypeReference)
                .Select(
                    member => metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)member.Parent).Name)
                    + $".{metadata.GetString(member.Name)}")
                .Intersect(Clocks),
        ];
    }
}
