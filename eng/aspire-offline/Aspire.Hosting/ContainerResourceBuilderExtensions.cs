namespace Aspire.Hosting;

/// <summary>What can be said about containers.</summary>
public static class ContainerResourceBuilderExtensions
{
    /// <summary>Chooses the image's tag.</summary>
    public static IResourceBuilder<T> WithImageTag<T>(this IResourceBuilder<T> builder, string tag)
        where T : ContainerResource => builder.WithAnnotation(
            builder.Resource.Annotations.OfType<ContainerImageAnnotation>().Last() with { Tag = tag }, ResourceAnnotationMutationBehavior.Replace);
}
