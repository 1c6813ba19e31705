using OpenClaw.Edge;
using OpenClaw.Edge.Commands;
using OpenClaw.Edge.Configuration;

if (args is [HashKeyCommand.Name, .. var rest])
{
    return HashKeyCommand.Run(
        rest,
        settings => WebApplication.CreateBuilder(settings).AddLocalSettings().AddMountedSettings().Configuration,
        HiddenInput.Standard,
        Console.Out,
        Console.Error);
}

return await ServiceDefaults.RunAsync(() => EdgeApplication.Create(new WebApplicationOptions { Args = args }));
