namespace Aspire.Hosting.Testing;

/// <summary>Runs an AppHost's entry point as far as <see cref="DistributedApplicationBuilder.Build"/>, to take the description that it made.</summary>
internal sealed class EntryPointRun(Assembly assembly)
{
    private static readonly AsyncLocal<EntryPointRun?> Active = new();

    private DistributedApplicationBuilder? _builder;

    /// <summary>The run that the calling code is part of; null outside of tests.</summary>
    public static EntryPointRun? Current => Active.Value;

    public Assembly Assembly { get; } = assembly;

    /// <summary>Takes over the description and ends the entry point, the first time.</summary>
    public void Complete(DistributedApplicationBuilder builder)
    {
        if (_builder is null)
        {
            _builder = builder;
            throw new EntryPointEndedException();
        }
    }

    public DistributedApplicationBuilder Describe(string[] args)
    {
        var entryPoint = Assembly.EntryPoint ?? throw new InvalidOperationException($"{Assembly.GetName().Name} has no entry point: is it an AppHost?");
        Active.Value = this;
        try
        {
            entryPoint.Invoke(null, entryPoint.GetParameters().Length == 0 ? [] : [args]);
        }
        catch (TargetInvocationException error) when (error.InnerException is not EntryPointEndedException)
        {
            throw new DistributedApplicationException($"The AppHost failed: {error.InnerException?.Message}", error.InnerException);
        }
        catch (TargetInvocationException)
        {
            // Ended by Complete.
        }

        return _builder ?? throw new InvalidOperationException($"The entry point of {Assembly.GetName().Name} built no distributed application.");
    }

    private sealed class EntryPointEndedException : Exception;
}
