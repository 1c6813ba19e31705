namespace OpenClaw.DevRedis.Hosting;

/// <summary>The server cannot start, for a reason that its user can mend. The message says how.</summary>
internal sealed class DevRedisStartException(string message, Exception innerException) : Exception(message, innerException);
