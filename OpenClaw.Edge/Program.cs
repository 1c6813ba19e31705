using OpenClaw.Edge;
using OpenClaw.Edge.Commands;

if (args is [HashKeyCommand.Name, .. var rest])
{
    return HashKeyCommand.Run(WebApplication.CreateBuilder(rest).Configuration, Console.In, Console.Out, Console.Error);
}

return await ServiceDefaults.RunAsync(() => EdgeApplication.Create(new WebApplicationOptions { Args = args }));
