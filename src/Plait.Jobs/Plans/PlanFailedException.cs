namespace Plait.Jobs.Plans;

/// <summary>Trainings of a plan failed, and nothing can be made of the others; the message is one line. The run can be resumed.</summary>
/// <param name="run">The id of the run.</param>
/// <param name="message">Which failed and why.</param>
public sealed class PlanFailedException(string run, string message) : InvalidOperationException(message)
{
    /// <summary>The id of the run.</summary>
    public string Run { get; } = run;
}
