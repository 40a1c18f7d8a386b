using static TorchSharp.torch.optim;
using static TorchSharp.torch.optim.lr_scheduler;

namespace Plait.Training;

/// <summary>How the learning rate changes: any scheduler of TorchSharp, stepped after each epoch or each step.</summary>
/// <param name="Create">From the optimizer to a new scheduler.</param>
/// <param name="EveryStep">Whether it is stepped after each step instead of after each epoch.</param>
public sealed record LearningRateSchedule(Func<Optimizer, LRScheduler> Create, bool EveryStep = false)
{
    /// <summary>Falls from the recipe's rate to nearly zero along a half cosine.</summary>
    /// <param name="epochs">Epochs of the training.</param>
    public static LearningRateSchedule Cosine(int epochs) => new(optimizer => CosineAnnealingLR(optimizer, epochs));

    /// <summary>Multiplies the rate by a factor every few epochs.</summary>
    /// <param name="every">Epochs between two changes.</param>
    /// <param name="factor">Above 0, usually below 1.</param>
    public static LearningRateSchedule Steps(int every, double factor = 0.5) =>
        new(optimizer => StepLR(optimizer, every, factor));

    /// <summary>Multiplies the rate by a factor when the validation score has not improved for a while.</summary>
    /// <param name="patience">Epochs without improvement.</param>
    /// <param name="factor">Above 0 and below 1.</param>
    public static LearningRateSchedule OnPlateau(int patience, double factor = 0.5) =>
        new(optimizer => ReduceLROnPlateau(optimizer, mode: "max", factor: factor, patience: patience));
}
