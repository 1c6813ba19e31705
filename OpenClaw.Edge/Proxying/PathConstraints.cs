using Microsoft.AspNetCore.Routing.Constraints;
using Microsoft.AspNetCore.Routing.Patterns;

namespace OpenClaw.Edge.Proxying;

/// <summary>Validates the constraints in a path, such as <c>{id:int}</c>. Parsing a path does not create them.</summary>
internal static class PathConstraints
{
    private static readonly ParameterPolicyFactory Factory =
        new ServiceCollection().AddLogging().AddRouting().BuildServiceProvider().GetRequiredService<ParameterPolicyFactory>();

    /// <summary>Parses a path; null when it is invalid, which YARP reports.</summary>
    public static RoutePattern? Parse(string path)
    {
        try
        {
            return RoutePatternFactory.Parse(path);
        }
        catch (RoutePatternException)
        {
            return null;
        }
    }

    /// <summary>The constraints of a path that cannot be created.</summary>
    public static IEnumerable<string> InvalidIn(RoutePattern path) =>
        from policies in path.ParameterPolicies
        from policy in policies.Value
        where !IsValid(path.GetParameter(policies.Key), policy)
        select policy.Content;

    private static bool IsValid(RoutePatternParameterPart? parameter, RoutePatternParameterPolicyReference policy)
    {
        try
        {
            IParameterPolicy created = Factory.Create(parameter, policy);
            created = created is OptionalRouteConstraint optional ? optional.InnerConstraint : created;
            // A regular expression is compiled when it is first used.
            return created is not RegexRouteConstraint { Constraint: null };
        }
        catch (Exception exception)
            when (exception is RouteCreationException or InvalidOperationException or ArgumentException or FormatException)
        {
            return false;
        }
    }
}
