namespace Plait.Jobs;

/// <summary>An exception that a person can put right: its message says how, in one line.</summary>
/// <remarks>A worker answers with the message where it would end with any other exception.</remarks>
public interface IExplainedFailure;
