namespace OpenClaw.Edge.Rules;

/// <summary>A document could not be checked at present. It may be valid.</summary>
/// <param name="message">The reason and what to do, as a sentence for clients.</param>
/// <param name="cause">The cause, if there is one.</param>
internal sealed class RulesNotCheckedException(string message, Exception? cause = null) : Exception(message, cause);
