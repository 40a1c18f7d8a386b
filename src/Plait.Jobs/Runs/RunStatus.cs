namespace Plait.Jobs.Runs;

/// <summary>How far a run has come.</summary>
public enum RunStatus
{
    /// <summary>A process works on it.</summary>
    Running,

    /// <summary>It came to its end.</summary>
    Finished,

    /// <summary>It was stopped before its end, or its process is gone; it can be resumed from its last checkpoint.</summary>
    Interrupted,

    /// <summary>It ended with an error.</summary>
    Failed,
}
