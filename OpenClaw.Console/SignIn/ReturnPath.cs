namespace OpenClaw.Console.SignIn;

/// <summary>The page to show after signing in.</summary>
internal static class ReturnPath
{
    /// <summary>The path, if it is one of this site; otherwise the first page.</summary>
    public static string Local(string? path) =>
        path is ['/', .. var rest] && !rest.StartsWith('/') && !rest.StartsWith('\\') && !path.Any(char.IsControl) ? path : "/";
}
