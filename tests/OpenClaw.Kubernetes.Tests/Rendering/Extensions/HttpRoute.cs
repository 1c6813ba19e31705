namespace OpenClaw.Kubernetes.Tests.Rendering.Extensions;

/// <summary>A route of the Gateway API.</summary>
internal sealed class HttpRoute : ExtensionObject<HttpRoute.HttpRouteSpec>
{
    internal sealed class HttpRouteSpec
    {
        public List<Parent> ParentRefs { get; set; } = [];

        public List<string> Hostnames { get; set; } = [];

        public List<Rule> Rules { get; set; } = [];
    }

    internal sealed class Parent
    {
        public string Name { get; set; } = "";

        public string? Namespace { get; set; }
    }

    internal sealed class Rule
    {
        public List<Backend> BackendRefs { get; set; } = [];
    }

    internal sealed class Backend
    {
        public string Name { get; set; } = "";

        public int Port { get; set; }
    }
}
