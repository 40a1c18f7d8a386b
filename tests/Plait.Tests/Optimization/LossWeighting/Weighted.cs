using Plait.Tasks;
using Plait.Torch;

namespace Plait.Tests.Optimization.LossWeighting;

using LossWeighting = Plait.Optimization.LossWeighting.LossWeighting;

/// <summary>Weights that a weighting gives to losses that are numbers.</summary>
internal static class Weighted
{
    /// <summary>A weighting at the start of a run of regressions.</summary>
    public static T Begun<T>(this T weighting, int tasks = 2)
        where T : LossWeighting
    {
        weighting.Begin(StepContexts.Regressions(tasks), torch.CPU);
        return weighting;
    }

    public static TaskLosses Losses(TaskSelection tasks, params double[] values) =>
        new(tasks, values.Select(value => torch.tensor(value, ScalarType.Float64)));

    /// <summary>The derivative of the objective by each loss.</summary>
    public static double[] Weights(this LossWeighting weighting, StepContext step, params double[] values) =>
        weighting.Weights(StepContexts.Regressions(values.Length).All, step, values);

    public static double[] Weights(
        this LossWeighting weighting,
        TaskSelection tasks,
        StepContext step,
        params double[] values
    )
    {
        using var scope = torch.NewDisposeScope();
        var losses = Losses(tasks, values);
        weighting.Weigh(losses, step).sum().backward();
        return Numbers.Read(losses.Values.grad!);
    }

    /// <summary>What a weighting that learns one number a task has learned.</summary>
    public static double[] Learned(this LossWeighting weighting) =>
        [.. weighting.Parameters.SelectMany(parameter => Numbers.Read(parameter))];

    /// <summary>The derivatives by them; NaN for one that was given none.</summary>
    public static double[] Slopes(this LossWeighting weighting) =>
        [
            .. weighting.Parameters.Select(parameter =>
                parameter.grad is { } gradient ? gradient.to(ScalarType.Float64).item<double>() : double.NaN
            ),
        ];

    public static void AssertClose(double[] expected, double[] actual, double tolerance = 1e-12)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(
            expected.Zip(actual),
            pair =>
                Assert.True(
                    Math.Abs(pair.First - pair.Second) <= tolerance * (1 + Math.Abs(pair.First)),
                    $"{pair.First} expected, {pair.Second} given"
                )
        );
    }
}
