using System.Collections.Concurrent;

namespace Plait.Jobs.Workers;

/// <summary>Shares requests out among worker processes, so that each core has one training at work.</summary>
/// <remarks>
/// Trainings run in processes because torch has one random generator a process. Each uses one thread, so a result does not
/// depend on how many run side by side.
/// </remarks>
/// <param name="program">What a worker runs.</param>
/// <param name="workers">How many there are at most.</param>
internal sealed class WorkerPool(WorkerProgram program, int workers) : ITrainings
{
    /// <inheritdoc/>
    /// <remarks>A worker process that dies costs the request that it was at; another one takes the rest.</remarks>
    /// <exception cref="InvalidOperationException">A worker process could not be started.</exception>
    public async Task RunAsync(
        IEnumerable<WorkerRequest> requests,
        Action<WorkerRequest, WorkerMessage> heard,
        CancellationToken cancel
    )
    {
        var waiting = new ConcurrentQueue<WorkerRequest>(requests);
        var gate = new Lock();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var processes = Math.Min(workers, waiting.Count);
        var lanes = Enumerable
            .Range(0, processes)
            .Select(_ => Task.Run(() => Lane(processes, waiting, Tell, stop), CancellationToken.None))
            .ToArray();
        await Task.WhenAll(lanes);
        cancel.ThrowIfCancellationRequested();

        void Tell(WorkerRequest request, WorkerMessage message)
        {
            lock (gate)
            {
                heard(request, message);
            }
        }
    }

    private async Task Lane(
        int processes,
        ConcurrentQueue<WorkerRequest> waiting,
        Action<WorkerRequest, WorkerMessage> tell,
        CancellationTokenSource stop
    )
    {
        try
        {
            while (!stop.IsCancellationRequested && !waiting.IsEmpty)
            {
                await OneWorker(processes, waiting, tell, stop);
            }
        }
        catch
        {
            await stop.CancelAsync();
            throw;
        }
    }

    /// <summary>Runs requests until there is none left, or the worker has died of one.</summary>
    private async Task OneWorker(
        int processes,
        ConcurrentQueue<WorkerRequest> waiting,
        Action<WorkerRequest, WorkerMessage> tell,
        CancellationTokenSource stop
    )
    {
        await using var worker = WorkerProcess.Start(program, processes);
        await using var ending = stop.Token.Register(worker.Stop);
        while (!stop.IsCancellationRequested && waiting.TryDequeue(out var request))
        {
            var death = await worker.RunAsync(request, message => tell(request, message), stop.Token);
            if (death is not null)
            {
                tell(request, new WorkerMessage { Failure = death });
                return;
            }
        }
    }
}
