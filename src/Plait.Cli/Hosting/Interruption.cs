using System.Runtime.InteropServices;
using Plait.Cli.Runs;

namespace Plait.Cli.Hosting;

/// <summary>Hears Ctrl-C and SIGTERM: the first one stops the work in order, a second one ends the process as usual.</summary>
/// <remarks>
/// It begins with the program's first statement, so that a signal while libraries load is answered too. What comes before that, while
/// .NET itself starts, is the system's to answer.
/// </remarks>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly TaskCompletionSource<int> givenUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PosixSignalRegistration interrupt;
    private readonly PosixSignalRegistration terminate;

    private Interruption()
    {
        interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Hear);
        terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Hear);
    }

    /// <summary>Tells the work that it is to stop.</summary>
    public CancellationToken Token => stop.Token;

    /// <summary>Fails when work that puts nothing away is given up where it stands.</summary>
    public Task<int> GivenUp => givenUp.Task;

    /// <summary>Begins to listen.</summary>
    public static Interruption Begin() => new();

    public void Dispose()
    {
        interrupt.Dispose();
        terminate.Dispose();
        stop.Dispose();
    }

    /// <summary>Stops the work as a signal does.</summary>
    internal void Stop()
    {
        stop.Cancel();
        if (!OrderlyStop.IsExpected)
        {
            givenUp.TrySetException(new OperationCanceledException());
        }
    }

    private void Hear(PosixSignalContext signal)
    {
        signal.Cancel = !stop.IsCancellationRequested;
        Stop();
    }
}
