using Microsoft.Extensions.Configuration;
using OpenClaw.RateLimiting.Configuration;
using OpenClaw.RateLimiting.Limiter;
using StackExchange.Redis;

namespace OpenClaw.RateLimiting.Registration;

/// <summary>Factory, connection and section of one limiter. A later registration under the same key replaces it.</summary>
internal sealed record LimiterSource
{
    /// <summary>Creates the limiter.</summary>
    public required Func<IServiceProvider, RateLimiterClient> Create { get; init; }

    /// <summary>Options of the connection that the limiter owns; null if it owns none.</summary>
    public Func<IServiceProvider, ConfigurationOptions>? Connection { get; init; }

    /// <summary>Finds all errors of the connection.</summary>
    public Func<IServiceProvider, string?>? FindConnectionError { get; init; }

    /// <summary>Section with settings and policies; null for none.</summary>
    public IConfiguration? Section { get; init; }

    /// <summary>Whether it is the section of a host.</summary>
    public bool IsHostSection { get; init; }

    /// <summary>Reads the section.</summary>
    public LimiterSettings Read() => LimiterSection.Read(Section!, IsHostSection);
}
