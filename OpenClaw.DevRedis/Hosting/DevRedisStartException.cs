namespace OpenClaw.DevRedis.Hosting;

/// <summary>The server cannot start, for a reason that the user can fix. The message says how.</summary>
internal sealed class DevRedisStartException(string message, Exception innerException) : Exception(message, innerException);
