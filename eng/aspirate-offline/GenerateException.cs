namespace AspirateOffline;

/// <summary>The manifest or the command line cannot be turned into a base; the message says what would be right.</summary>
internal sealed class GenerateException(string message) : Exception(message);
