using Plait.Tasks;

namespace Plait.Training;

/// <summary>What one epoch came to. Arrays have one number a task, in the order of the task set; NaN where there is none.</summary>
/// <param name="Epoch">From 0.</param>
/// <param name="TrainingLosses">Mean training loss of each task over the epoch's steps, as it was when each step was taken.</param>
/// <param name="Weights">Mean weight of each task's loss in the objective.</param>
/// <param name="Validation">Losses and metrics after the epoch; null without validation data.</param>
/// <param name="Score">What checkpoints are chosen by, higher is better; NaN without validation data.</param>
/// <param name="LearningRate">The learning rate of the epoch's last step.</param>
/// <param name="Seconds">How long it took, validation included.</param>
public sealed record EpochRecord(
    int Epoch,
    double[] TrainingLosses,
    double[] Weights,
    Evaluation? Validation,
    double Score,
    double LearningRate,
    double Seconds
);
