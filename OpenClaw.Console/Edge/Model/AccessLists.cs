namespace OpenClaw.Console.Edge.Model;

/// <summary>Allow and deny lists in force: <c>GET /lists</c>.</summary>
public sealed record AccessLists(AccessLists.List Allow, AccessLists.List Deny)
{
    /// <summary>One list.</summary>
    public sealed record List(IReadOnlyList<string> Networks, IReadOnlyList<string> Clients);
}
