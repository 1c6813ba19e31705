using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpenClaw.Notifier.Options;
using OpenClaw.Notifier.Queue;
using StackExchange.Redis;

namespace OpenClaw.Notifier.Tests.Hosting;

/// <summary>A connection to a real Redis whose replies to scripts a test can delay or replace.</summary>
public class HeldRedis : DispatchProxy
{
    private object? _inner;
    private Func<string, Task<RedisResult>, Task<RedisResult>>? _answer;

    /// <summary>Has the queue of deliveries use such a connection.</summary>
    /// <param name="services">Services of a notifier.</param>
    /// <param name="answer">Gets the first line of a script and the reply, and answers in its place.</param>
    public static void HoldQueue(IServiceCollection services, Func<string, Task<RedisResult>, Task<RedisResult>> answer) =>
        services.AddSingleton(provider => new DeliveryQueue(
            Wrap(provider.GetRequiredService<IConnectionMultiplexer>(), answer),
            provider.GetRequiredService<QueueKeys>(),
            provider.GetRequiredService<IOptions<NotifierOptions>>(),
            provider.GetRequiredService<TimeProvider>()));

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Invoke(_inner, args) switch
    {
        IDatabase database => Wrap(database, _answer!),
        Task<RedisResult> reply when args is [string script, ..] => _answer!(script.Split('\n')[0], reply),
        var other => other,
    };

    private static T Wrap<T>(T inner, Func<string, Task<RedisResult>, Task<RedisResult>> answer)
        where T : class
    {
        T proxy = Create<T, HeldRedis>();
        HeldRedis held = (HeldRedis)(object)proxy;
        held._inner = inner;
        held._answer = answer;
        return proxy;
    }
}
