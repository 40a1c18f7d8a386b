namespace Plait.Jobs.Runs;

/// <summary>A run store that cannot be used, or a run that is not in it; the message is one line that says how to put it right.</summary>
public sealed class RunStoreException : IOException
{
    /// <summary>Says what is wrong.</summary>
    public RunStoreException(string message)
        : base(message) { }

    /// <summary>Says what is wrong, and what it comes from.</summary>
    public RunStoreException(string message, Exception cause)
        : base(message, cause) { }
}
