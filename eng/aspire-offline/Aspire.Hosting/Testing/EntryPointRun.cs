namespace Aspire.Hosting.Testing;

/// <summary>Runs an AppHost's entry point as far as <see cref="DistributedApplicationBuilder.Build"/>, to take the description that it made.</summary>
internal sealed class EntryPointRun(Assembly assembly)
{
    private static readonly AsyncLocal<EntryPointRun?> Active = new();

    private DistributedApplicationBuilder? _builder;

    /// <summary>The run that the calling code is part of; null outside of tests.</summary>
    public static EntryPointRun? Current => Active.Value;

    public Assembly Assembly { get; } = assembly;

    public static Task<DistributedApplicationBuilder> DescribeAsync(Assembly assembly, string[] args, CancellationToken cancellationToken) =>
        Task.Run(() => new EntryPointRun(assembly).Describe(args), cancellationToken);

    /// <summary>Hands over the description, and ends the entry point.</summary>
    public void Complete(DistributedApplicationBuilder builder)
    {
        _builder = builder;
        throw new EntryPointEndedException();
    }

    private DistributedApplicationBuilder Describe(string[] args)
    {
        var entryPoint = Assembly.EntryPoint ?? throw new InvalidOperationException($"{Assembly.GetName().Name} has no entry point: is it an AppHost?");
        Active.Value = this;
        try
        {
            entryPoint.Invoke(null, entryPoint.GetParameters().Length == 0 ? [] : [args]);
        }
        catch (TargetInvocationException error) when (_builder is null && error.InnerException is { } inner)
        {
            throw new DistributedApplicationException($"The AppHost failed: {inner.Message}", inner);
        }
        catch (TargetInvocationException)
        {
            // Ended by Complete.
        }

        return _builder ?? throw new InvalidOperationException($"The entry point of {Assembly.GetName().Name} built no distributed application.");
    }

    private sealed class EntryPointEndedException : Exception;
}
