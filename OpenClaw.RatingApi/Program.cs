using OpenClaw.RatingApi;

return await ServiceDefaults.RunAsync(() => RatingApplication.Create(args));
