using System.Reflection;
using StackExchange.Redis;

namespace OpenClaw.RateLimiting.Tests.Redis;

/// <summary>A connection whose script calls are answered when and how the test says.</summary>
public class HeldRedis : DispatchProxy
{
    private object? _inner;
    private Func<MethodInfo, object?[], object?>? _answer;

    /// <summary>A connection that passes everything on, but asks <paramref name="answer"/> first what a script call returns; null passes the call on, too.</summary>
    public static IConnectionMultiplexer Over(IConnectionMultiplexer inner, Func<MethodInfo, object?[], object?> answer)
        => (IConnectionMultiplexer)Wrap<IConnectionMultiplexer>(inner, answer);

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (targetMethod!.Name.StartsWith("ScriptEvaluate", StringComparison.Ordinal) && _answer!(targetMethod, args!) is { } answer)
        {
            return answer;
        }

        object? result = targetMethod.Invoke(_inner, args);
        return result is IDatabase database ? Wrap<IDatabase>(database, _answer!) : result;
    }

    private static object Wrap<T>(T inner, Func<MethodInfo, object?[], object?> answer)
        where T : class
    {
        T proxy = Create<T, HeldRedis>();
        ((HeldRedis)(object)proxy)._inner = inner;
        ((HeldRedis)(object)proxy)._answer = answer;
        return proxy;
    }
}
