namespace AspirateOffline;

/// <summary>The manifest or the command line is invalid; the message says what would be right.</summary>
internal sealed class GenerateException(string message) : Exception(message);
