namespace OpenClaw.Console.Tests.Fakes;

/// <summary>Usage that looks like that of a busy fleet.</summary>
public sealed class FakeUsage
{
    private const int Steps = 90;
    private const int StepSeconds = 10;

    /// <summary>Requests to the policy "rating" that are denied a second.</summary>
    public double DeniedPerSecond { get; set; } = 12;

    public string Store { get; set; } = "up";

    public string Circuit { get; set; } = "closed";

    public object Now() => new
    {
        At = DateTimeOffset.UtcNow,
        Replicas = Enumerable.Range(1, 3).Select(i => new
        {
            Name = $"edge-{i}",
            At = DateTimeOffset.UtcNow,
            StartedAt = DateTimeOffset.UtcNow.AddHours(-5 * i),
            Circuit = i == 2 ? Circuit : "closed",
            Reason = i == 2 && Circuit != "closed" ? "Redis did not answer in 50 ms." : null,
            RulesVersion = "12",
        }).ToArray(),
        Policies = new[] { Policy("address", 212.4, 0), Policy("rating", 148.2, DeniedPerSecond), Policy("search", 64.2, 3.1) },
        Sources = new { Store = 11_820, DenyCache = 640, Local = 0, Open = 0, Closed = 0 },
        Store,
    };

    public object History()
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        long last = now.ToUnixTimeSeconds() / StepSeconds;
        return new
        {
            StepSeconds,
            From = DateTimeOffset.FromUnixTimeSeconds((last - Steps + 1) * StepSeconds),
            Policies = new[] { Series("address", last, 2100, 0), Series("rating", last, 1450, 130), Series("search", last, 640, 30) },
        };
    }

    public object Top(string by, string window) => new
    {
        By = by,
        Window = window,
        Clients = new object[]
        {
            new { Name = "acme", Kind = "client", Client = "acme", Policy = "rating", Count = window == "hour" ? 20_412 : 512,
                ErrorAtMost = 0 },
            new { Name = "203.0.113.7", Kind = "address", Address = "203.0.113.7", Policy = "rating", Count = 147, ErrorAtMost = 3 },
            new { Name = "globex", Kind = "client", Client = "globex", Policy = "search", Count = 58, ErrorAtMost = 0 },
            new { Name = "header 7f3a", Kind = "other", Policy = "search", Count = 12, ErrorAtMost = 3 },
        },
    };

    private static object Policy(string name, double admitted, double denied) => new
    {
        Policy = name,
        AdmittedPerSecond = admitted,
        DeniedPerSecond = denied,
        ShadowDeniedPerSecond = name == "rating" ? 0.4 : 0,
        LocalPerSecond = 0,
        LatencyMilliseconds = new { P50 = 0.41, P95 = 0.93, P99 = 2.4 },
        Minute = new { Admitted = (long)(admitted * 60), Denied = (long)(denied * 60), ShadowDenied = 12, Local = 0 },
        Hour = new { Admitted = (long)(admitted * 3600), Denied = (long)(denied * 3600), ShadowDenied = 12, Local = 0 },
    };

    private static object Series(string name, long last, double admitted, double denied)
    {
        double[] Wave(double height, double phase) =>
            [.. Enumerable.Range(0, Steps).Select(i =>
                Math.Round(height * (1 + (0.18 * Math.Sin(((last + i) / 7.0) + phase)) + (0.07 * Math.Sin((last + i) * 1.3)))))];

        return new
        {
            Policy = name,
            Admitted = Wave(admitted, denied),
            Denied = Wave(denied, admitted),
            ShadowDenied = Wave(0, 0),
            Local = Wave(0, 0)
        };
    }
}
