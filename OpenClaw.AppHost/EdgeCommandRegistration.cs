namespace OpenClaw.AppHost;

/// <summary>Registers the edge's commands on the dashboard.</summary>
internal static class EdgeCommandRegistration
{
    /// <summary>Adds the commands to a resource.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="commands">Executes the commands.</param>
    /// <param name="isHighlighted">Whether the dashboard shows them as buttons beside the resource, not only in its menu.</param>
    public static IResourceBuilder<T> WithEdgeCommands<T>(this IResourceBuilder<T> resource, EdgeCommands commands, bool isHighlighted)
        where T : IResource => resource
        .WithCommand("send-burst", "Send a burst", commands.SendBurstAsync, Options(isHighlighted, "Flash",
            $"Sends {EdgeCommands.BurstSize} requests at once with the key {SampleClients.Key}, and shows how many passed and the first "
            + "refusal."))
        .WithCommand("reset-clients", "Reset the sample clients", commands.ResetClientsAsync, Options(isHighlighted, "ArrowReset",
            "Fills the token buckets of the sample clients and of this machine's address, and lifts their blocks."))
        .WithCommand("show-policies", "Show policies", commands.ShowPoliciesAsync, Options(isHighlighted, "ClipboardTextLtr",
            "Shows the policies in force: how requests are counted, and every bucket's capacity and refill."));

    private static CommandOptions Options(bool isHighlighted, string icon, string description) => new()
    {
        IconName = icon,
        Description = description,
        IsHighlighted = isHighlighted,
        UpdateState = context => context.ResourceSnapshot.State?.Text == KnownResourceStates.Running
            ? ResourceCommandState.Enabled
            : ResourceCommandState.Disabled,
    };
}
