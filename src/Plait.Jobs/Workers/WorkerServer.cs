using System.Threading.Channels;

namespace Plait.Jobs.Workers;

/// <summary>Runs trainings for another process: requests come in on one stream, answers go out on the other, one line of JSON each.</summary>
/// <remarks>
/// The end of the input stops the training at work, after a checkpoint; so does the death of the process that asked. A program is a worker
/// by <c>if (args is ["worker", ..]) { await WorkerServer.RunAsync(Console.In, Console.Out); return; }</c>, and
/// writes nothing else to its standard output then.
/// </remarks>
public static class WorkerServer
{
    /// <summary>Serves until the input ends. It uses one thread of libtorch, so that results do not depend on how many serve side by side.</summary>
    /// <param name="input">The requests.</param>
    /// <param name="output">The answers.</param>
    /// <param name="processes">How many workers share the machine's memory; see <see cref="WorkerProgram.ProcessesIn"/>.</param>
    /// <returns>Whether every request was answered before the input ended.</returns>
    /// <exception cref="InvalidDataException">A line is no request.</exception>
    public static Task<bool> RunAsync(TextReader input, TextWriter output, int processes = 1)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        return Task.Run(() => Serve(input, output, processes));
    }

    private static bool Serve(TextReader input, TextWriter output, int processes)
    {
        torch.set_num_threads(1);
        var stop = new CancellationTokenSource(); // the thread that reads may end it later than this one ends
        using var runner = new JobRunner { Processes = processes };
        var requests = Channel.CreateUnbounded<WorkerRequest>();
        var reading = new Thread(() => ReadAll(input, requests.Writer, stop)) { IsBackground = true };
        reading.Start();
        var isDone = true;
        while (requests.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (requests.Reader.TryRead(out var request))
            {
                if (!stop.IsCancellationRequested)
                {
                    Answer(output, Run(runner, request, output, stop.Token));
                }
                else
                {
                    isDone = false;
                }
            }
        }

        return isDone;
    }

    private static void ReadAll(TextReader input, ChannelWriter<WorkerRequest> requests, CancellationTokenSource stop)
    {
        try
        {
            while (input.ReadLine() is { } line)
            {
                requests.TryWrite(WorkerLines.Read<WorkerRequest>(line, "a worker's request"));
            }

            stop.Cancel();
            requests.Complete();
        }
        catch (Exception failure)
        {
            stop.Cancel();
            requests.Complete(failure); // told by the thread that serves
        }
    }

    private static WorkerMessage Run(JobRunner runner, WorkerRequest request, TextWriter output, CancellationToken stop)
    {
        try
        {
            return RequestedTraining.Run(runner, request, message => Answer(output, message), stop);
        }
        catch (OperationCanceledException stopped)
        {
            return new WorkerMessage { Failure = FailureMessage.Of(stopped) };
        }
    }

    private static void Answer(TextWriter output, WorkerMessage message)
    {
        output.WriteLine(WorkerLines.Write(message));
        output.Flush();
    }
}
