using System.Runtime.ExceptionServices;
using Plait.Jobs.Runs;
using Plait.Tasks;
using Plait.Training;

namespace Plait.Jobs.Workers;

/// <summary>Does one requested training, and tells of it in messages.</summary>
internal static class RequestedTraining
{
    /// <summary>Does it.</summary>
    /// <param name="runner">Does it, and keeps its data for the next.</param>
    /// <param name="request">The training.</param>
    /// <param name="tell">Takes the messages on the way.</param>
    /// <param name="cancel">Stops it after a checkpoint.</param>
    /// <returns>The last message: what it came to, or why it failed.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static WorkerMessage Run(
        JobRunner runner,
        WorkerRequest request,
        Action<WorkerMessage> tell,
        CancellationToken cancel
    )
    {
        try
        {
            var (result, _) = runner.Run(request.Job, request.Folder, tasks => new Forward(tasks, Tell), cancel);
            return new WorkerMessage
            {
                Progress = 1,
                Measurements = RunMeasurements.Of(result),
                Result = result,
            };
        }
        catch (Exception failure) when (failure is not OperationCanceledException && FailureMessage.IsExpected(failure))
        {
            return new WorkerMessage { Failure = FailureMessage.Of(failure) };
        }
        catch (ListenerException failure)
        {
            ExceptionDispatchInfo.Throw(failure.InnerException!);
            throw;
        }

        void Tell(WorkerMessage message)
        {
            try
            {
                tell(message);
            }
            catch (Exception failure)
            {
                throw new ListenerException(failure);
            }
        }
    }

    /// <summary>A fault of whoever listens, which is none of the training.</summary>
    private sealed class ListenerException(Exception fault) : Exception(fault.Message, fault);

    private sealed class Forward(TaskSet tasks, Action<WorkerMessage> tell) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) =>
            tell(
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
