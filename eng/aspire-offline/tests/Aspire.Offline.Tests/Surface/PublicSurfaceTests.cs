using Aspire.Hosting;
using Aspire.StackExchange.Redis;

namespace Aspire.Offline.Tests.Surface;

/// <summary>What the stand-in offers, the packages offer as well: what compiles with it compiles with them.</summary>
public sealed class PublicSurfaceTests
{
    // Public types that the list does not describe. Each is one that the packages have, because the listed signatures name it.
    private static readonly HashSet<string> NamedOnly =
    [
        "ContainerMountType", "HealthReportSnapshot", "IExpressionValue", "IResourceAnnotation", "IResourceCollection", "IValueWithReferences",
        "ReferenceExpression.ExpressionInterpolatedStringHandler", "ResourceAnnotationCollection", "ResourceAnnotationMutationBehavior", "ResourceStateSnapshot",
    ];

    // The packages throw it too; the list has no exceptions.
    private const string Thrown = nameof(DistributedApplicationException);

    private static readonly Dictionary<string, Type> Exported = new[] { typeof(DistributedApplication).Assembly, typeof(StackExchangeRedisSettings).Assembly }
        .SelectMany(assembly => assembly.GetExportedTypes())
        .ToDictionary(type => type.FullName!);

    public static TheoryData<string> TypeNames { get; } = [.. Exported.Keys];

    [Theory]
    [MemberData(nameof(TypeNames))]
    public void PublicType_OfTheStandIn_IsPartOfThePackages(string typeName)
    {
        var packages = Packages();
        var type = Exported[typeName];
        var name = PublicSurface.Name(type);
        var header = PublicSurface.Header(type);
        if (NamedOnly.Contains(name))
        {
            Assert.False(packages.Has(header), $"The list describes {name}: take it off {nameof(NamedOnly)}.");
            Assert.Matches($@"\b{name.Replace(".", @"\.", StringComparison.Ordinal)}\b", packages.Text);
            return;
        }

        if (name == Thrown)
        {
            return;
        }

        Assert.True(packages.Has(header), $"The packages have no '{header}'.");
        string[] foreign =
        [
            .. PublicSurface.Members(type).Where(member => !packages.HasMember(header, member)),
            .. PublicSurface.Bases(type).Where(parent => !packages.Is(header, parent)).Select(parent => $": {parent}"),
        ];
        Assert.True(foreign.Length == 0, $"The packages' {header} has no:\n  {string.Join("\n  ", foreign)}");
    }

    private static PackageSignatures Packages()
    {
        var list = Path.GetFullPath(Path.Combine(Repository.Root, "..", "shared", "facts", "aspire-api.txt"));
        Assert.SkipUnless(File.Exists(list), "The list of the packages' signatures, ../shared/facts/aspire-api.txt, is not here.");
        return new PackageSignatures(list);
    }
}
