namespace Plait.Jobs.Workers;

/// <summary>Does trainings in this process, one after the other.</summary>
internal sealed class OwnProcess : ITrainings, IDisposable
{
    private readonly JobRunner runner = new();

    /// <inheritdoc/>
    public Task RunAsync(
        IEnumerable<WorkerRequest> requests,
        Action<WorkerRequest, WorkerMessage> heard,
        CancellationToken cancel
    ) =>
        Task.Run(
            () =>
            {
                foreach (var request in requests)
                {
                    cancel.ThrowIfCancellationRequested();
                    heard(request, RequestedTraining.Run(runner, request, message => heard(request, message), cancel));
                }
            },
            CancellationToken.None
        );

    /// <inheritdoc/>
    public void Dispose() => runner.Dispose();
}
