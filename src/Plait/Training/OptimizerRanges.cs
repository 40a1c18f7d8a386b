namespace Plait.Training;

/// <summary>The ranges of the optimizers' constants.</summary>
internal static class OptimizerRanges
{
    public static void Check(double learningRate, double weightDecay)
    {
        if (!(learningRate > 0) || double.IsInfinity(learningRate))
        {
            throw new ArgumentException($"A learning rate is above 0; got {learningRate}.", nameof(learningRate));
        }

        if (!(weightDecay >= 0) || double.IsInfinity(weightDecay))
        {
            throw new ArgumentException($"A weight decay is 0 or more; got {weightDecay}.", nameof(weightDecay));
        }
    }

    public static void CheckAdam(double beta1, double beta2, double epsilon)
    {
        CheckShare(beta1, nameof(beta1));
        CheckShare(beta2, nameof(beta2));
        if (!(epsilon > 0))
        {
            throw new ArgumentException($"epsilon is above 0; got {epsilon}.", nameof(epsilon));
        }
    }

    public static void CheckShare(double value, string name)
    {
        if (!(value >= 0 && value < 1))
        {
            throw new ArgumentException($"{name} is from 0 to below 1; got {value}.", name);
        }
    }
}
