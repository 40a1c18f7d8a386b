namespace Plait.Jobs.Workers;

/// <summary>Where requested trainings are done.</summary>
internal interface ITrainings
{
    /// <summary>Does all of them.</summary>
    /// <param name="requests">Taken in order.</param>
    /// <param name="heard">Told of every message, by one thread at a time.</param>
    /// <param name="cancel">Stops each training after a checkpoint.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    Task RunAsync(
        IEnumerable<WorkerRequest> requests,
        Action<WorkerRequest, WorkerMessage> heard,
        CancellationToken cancel
    );
}
