using OpenClaw.Benchmarks;

switch (args.FirstOrDefault())
{
    case "script":
        await ScriptCost.RunAsync(args.Length > 1 ? File.ReadAllText(args[1]) : OpenClaw.RateLimiting.Redis.DecisionScript.Text);
        break;
}
