using OpenClaw.Edge;
using OpenClaw.Edge.Commands;

if (args is [HashKeyCommand.Name, .. var rest])
{
    return HashKeyCommand.Run(WebApplication.CreateBuilder(rest).Configuration, Console.In, Console.Out, Console.Error);
}

await EdgeApplication.Create(new WebApplicationOptions { Args = args }).RunAsync();
return 0;
