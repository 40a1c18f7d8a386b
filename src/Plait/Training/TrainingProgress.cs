using Plait.Tasks;

namespace Plait.Training;

/// <summary>Where a training stands.</summary>
/// <param name="Epoch">Epochs finished.</param>
/// <param name="Epochs">Epochs at most.</param>
/// <param name="StepInEpoch">Steps taken in this epoch.</param>
/// <param name="StepsPerEpoch">Steps in an epoch.</param>
/// <param name="Finished">The record of an epoch that has just ended, or null within an epoch.</param>
/// <param name="Gradients">A look at the task gradients that has just been taken, or null.</param>
/// <param name="Notice">Something that a person should know, such as a skipped step, or null.</param>
public sealed record TrainingProgress(
    int Epoch,
    int Epochs,
    int StepInEpoch,
    int StepsPerEpoch,
    EpochRecord? Finished = null,
    GradientRecord? Gradients = null,
    string? Notice = null
);

/// <summary>What a training came to. The network holds the parameters of <see cref="BestEpoch"/>.</summary>
/// <param name="Tasks">The tasks.</param>
/// <param name="History">One record an epoch.</param>
/// <param name="Gradients">The looks at the task gradients.</param>
/// <param name="BestEpoch">The epoch whose parameters were kept, from 0.</param>
/// <param name="SkippedSteps">Steps skipped because a loss, a weight or a gradient was not finite.</param>
/// <param name="StoppedEarly">Whether patience ended it before the last epoch.</param>
/// <param name="Seconds">How long it took, over all sittings.</param>
public sealed record TrainingResult(
    TaskSet Tasks,
    IReadOnlyList<EpochRecord> History,
    IReadOnlyList<GradientRecord> Gradients,
    int BestEpoch,
    int SkippedSteps,
    bool StoppedEarly,
    double Seconds
);
