using System.Collections.Frozen;
using OpenClaw.Edge.Configuration;
using OpenClaw.Edge.Options;
using OpenClaw.Edge.Policies;

namespace OpenClaw.Edge.Rules;

/// <summary>Builds a policy's costs from settings.</summary>
internal static class CostCompiler
{
    /// <summary>Null when something was added to <paramref name="errors"/>.</summary>
    public static CostRules? Compile(CostOptions cost, IReadOnlyDictionary<string, string?> routes, string path, List<string> errors)
    {
        int before = errors.Count;
        CheckRange(cost.Default, $"{path}:Default", errors);
        foreach ((string method, long value) in cost.Methods)
        {
            CheckRange(value, $"{path}:Methods:{method}", errors);
            if (!HttpToken.IsValid(method))
            {
                errors.Add($"{path}:Methods:{method} is not a request method.");
            }
        }

        foreach ((string route, long value) in cost.Routes)
        {
            CheckRange(value, $"{path}:Routes:{route}", errors);
            if (!routes.ContainsKey(route))
            {
                errors.Add($"{path}:Routes:{route} is not a route; the routes are: {SettingNames.List(routes.Keys)}.");
            }
        }

        if (cost.ResponseHeader.Length > 0 && !HttpToken.IsValid(cost.ResponseHeader))
        {
            errors.Add($"{path}:ResponseHeader is '{cost.ResponseHeader}'; it must be the name of a header.");
        }

        return errors.Count > before ? null : new CostRules
        {
            Default = cost.Default,
            Methods = cost.Methods.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase),
            Routes = cost.Routes.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase),
            ResponseHeader = cost.ResponseHeader.Length == 0 ? null : cost.ResponseHeader,
        };
    }

    private static void CheckRange(long value, string path, List<string> errors)
    {
        if (value is < 0 or > CostRules.Max)
        {
            errors.Add($"{path} is {value}; it must be 0 to {CostRules.Max}.");
        }
    }
}
