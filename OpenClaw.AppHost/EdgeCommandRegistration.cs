namespace OpenClaw.AppHost;

/// <summary>Commands that show what the edge does.</summary>
internal static class EdgeCommandRegistration
{
    public static IResourceBuilder<T> WithEdgeCommands<T>(this IResourceBuilder<T> resource, EdgeCommands commands)
        where T : IResource => resource
        .WithCommand("send-burst", "Send a burst", commands.SendBurstAsync, Options("Flash",
            $"Sends {EdgeCommands.BurstSize} requests at once with the key {SampleClients.Key}, and shows how many passed and what a refusal looks like."))
        .WithCommand("reset-clients", "Reset the sample clients", commands.ResetClientsAsync, Options("ArrowReset",
            "Fills the token buckets of the sample clients and of this machine's address, and lifts their blocks."))
        .WithCommand("show-policies", "Show policies", commands.ShowPoliciesAsync, Options("ClipboardTextLtr",
            "Shows the policies in force: how requests are counted, and every bucket's capacity and refill."));

    private static CommandOptions Options(string icon, string description) => new()
    {
        IconName = icon,
        Description = description,
        IsHighlighted = true,
        UpdateState = context => context.ResourceSnapshot.State?.Text == KnownResourceStates.Running ? ResourceCommandState.Enabled : ResourceCommandState.Disabled,
    };
}
