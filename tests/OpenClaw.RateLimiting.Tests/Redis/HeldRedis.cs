using System.Reflection;
using StackExchange.Redis;

namespace OpenClaw.RateLimiting.Tests.Redis;

/// <summary>A connection, with its databases and its subscriber, whose answers a test can replace.</summary>
public class HeldRedis : DispatchProxy
{
    private object? _inner;
    private Func<MethodInfo, object?[], object?>? _answer;

    /// <summary>A connection that asks <paramref name="answer"/> what a call returns; what it answers with null is passed on.</summary>
    public static IConnectionMultiplexer Over(IConnectionMultiplexer inner, Func<MethodInfo, object?[], object?> answer)
        => Wrap(inner, answer);

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        => _answer!(targetMethod!, args!) ?? targetMethod!.Invoke(_inner, args) switch
        {
            IDatabase database => Wrap(database, _answer),
            ISubscriber subscriber => Wrap(subscriber, _answer),
            var other => other,
        };

    private static T Wrap<T>(T inner, Func<MethodInfo, object?[], object?> answer)
        where T : class
    {
        T proxy = Create<T, HeldRedis>();
        var held = (HeldRedis)(object)proxy;
        held._inner = inner;
        held._answer = answer;
        return proxy;
    }
}
