namespace OpenClaw.TestServers;

/// <summary>An error reply of a server, such as <c>NOAUTH Authentication required.</c></summary>
public sealed class RespException(string message) : Exception(message);
