namespace Aspire.Hosting.Testing;

/// <summary>Makes an AppHost's application for a test: without the dashboard, and on random ports.</summary>
public static class DistributedApplicationTestingBuilder
{
    /// <summary>Makes the application of the AppHost that a type is part of, with a command line.</summary>
    /// <typeparam name="TEntryPoint">A type of the AppHost's assembly, such as <c>Projects.My_AppHost</c>.</typeparam>
    public static async Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(string[] args, CancellationToken cancellationToken = default)
        where TEntryPoint : class => await Task.Run(() => new EntryPointRun(typeof(TEntryPoint).Assembly).Describe(args), cancellationToken);
}
