using System.CommandLine;
using System.Threading.Channels;
using Plait.Benchmarks.Jobs;
using Plait.Cli.Display;
using Plait.Cli.Runs;
using Plait.Cli.Workers;
using Plait.Tasks;
using Plait.Training;

namespace Plait.Cli.Commands;

/// <summary>Runs trainings for another process: requests come in on the standard input, answers go out on the standard output.</summary>
/// <remarks>The end of the input stops the training at work, after a checkpoint; so does the death of the process that asked.</remarks>
internal static class WorkerCommand
{
    private static readonly Option<int> Processes = CommonOptions.Positive(
        WorkerProcess.ProcessesOption,
        "How many such processes share the machine's memory.",
        1
    );

    public static Command Create()
    {
        var command = new Command(WorkerProcess.Command, "Runs trainings for another process; not for people.")
        {
            Processes,
        };
        command.Hidden = true;
        command.SetAction(
            (arguments, _) =>
            {
                var (input, output) = Terminal.Dialogue();
                return Task.FromResult(Serve(input, output, arguments.GetValue(Processes)));
            }
        );
        return command;
    }

    internal static int Serve(TextReader input, TextWriter output, int processes = 1)
    {
        using var inOrder = OrderlyStop.Begin(); // the end of the input says when
        torch.set_num_threads(1);
        using var stop = new CancellationTokenSource();
        using var runner = new JobRunner { Processes = processes };
        var requests = Channel.CreateUnbounded<WorkerRequest>();
        var reading = new Thread(() => ReadAll(input, requests.Writer, stop)) { IsBackground = true };
        reading.Start();
        var code = ExitCode.Success;
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
                    code = ExitCode.Interrupted;
                }
            }
        }

        return code;
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
            var (result, _) = runner.Run(request.Job, request.Folder, tasks => new Forward(tasks, output), stop);
            return new WorkerMessage
            {
                Progress = 1,
                Measurements = RunMeasurements.Of(result),
                Result = result,
            };
        }
        catch (Exception failure) when (CommandFailure.CodeOf(failure) is not null)
        {
            return new WorkerMessage { Failure = CommandFailure.MessageOf(failure) };
        }
    }

    private static void Answer(TextWriter output, WorkerMessage message)
    {
        output.WriteLine(WorkerLines.Write(message));
        output.Flush();
    }

    private sealed class Forward(TaskSet tasks, TextWriter output) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) =>
            Answer(
                output,
                new WorkerMessage
                {
                    Progress = (value.Epoch + ((double)value.StepInEpoch / value.StepsPerEpoch)) / value.Epochs,
                    Measurements = value.Finished is { } epoch ? RunMeasurements.Of(tasks, epoch) : [],
                    Diagnostics =
                    [
                        .. value.Finished is { } ended
                            ? RunMeasurements.Weights(tasks, ended, value.StepsPerEpoch)
                            : [],
                        .. value.Gradients is { } record ? RunMeasurements.Of(tasks, record) : [],
                    ],
                    Notice = value.Notice,
                }
            );
    }
}
