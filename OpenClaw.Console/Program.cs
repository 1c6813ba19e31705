using OpenClaw.Console;

return await ServiceDefaults.RunAsync(() => ConsoleApplication.Create(args));
