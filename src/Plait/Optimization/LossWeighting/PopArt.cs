using Plait.Torch;
using TorchSharp.Modules;

namespace Plait.Optimization.LossWeighting;

/// <summary>
/// Standardises targets of changing scale by running moments, and rescales the linear layer that predicts them so that no
/// prediction changes when the moments do.
/// </summary>
/// <remarks>
/// <para>Van Hasselt et al. 2016, <i>Learning values across many orders of magnitude</i>, section 2, with a mean and a deviation for each
/// output as in Hessel et al. 2019, <i>Multi-task Deep Reinforcement Learning with PopArt</i>, equations 3 to 7: μ and ν follow
/// the targets and their squares, σ = √(ν - μ²); with outputs n of the layer, values are σ n + μ, and the loss compares n with
/// (target - μ) / σ.</para>
/// <para>It is no part of a recipe, since values are not the network's outputs then: who computes the loss calls
/// <see cref="Update"/>, <see cref="Normalize"/> and <see cref="Denormalize"/>.</para>
/// </remarks>
public sealed class PopArt : IStateful
{
    private readonly double rate;
    private readonly double smallest;
    private readonly double largest;
    private double[] means;
    private double[] squares;

    /// <summary>Starts with mean 0 and deviation 1.</summary>
    /// <param name="outputs">How many values the layer predicts, commonly one a task; 1 or more.</param>
    /// <param name="rate">The share of new targets in the moments, above 0 and at most 1. 3e-4 in Hessel et al.</param>
    /// <param name="smallest">The deviations' lower bound; above 0. 1e-4 in Hessel et al.</param>
    /// <param name="largest">The deviations' upper bound. 1e6 in Hessel et al.</param>
    /// <exception cref="ArgumentException">A number is out of range.</exception>
    public PopArt(int outputs, double rate = 3e-4, double smallest = 1e-4, double largest = 1e6)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        this.rate = rate is > 0 and <= 1
            ? rate
            : throw new ArgumentException($"The rate is above 0 and at most 1; got {rate}.", nameof(rate));
        this.smallest = OptionRange.Positive(smallest, "smallest deviation");
        this.largest =
            largest >= smallest
                ? largest
                : throw new ArgumentException(
                    $"The largest deviation is at least the smallest; got {largest} and {smallest}.",
                    nameof(largest)
                );
        means = new double[outputs];
        squares = new double[outputs];
        Array.Fill(squares, 1);
    }

    /// <summary>The running mean of an output's targets.</summary>
    public double MeanOf(int output) => means[output];

    /// <summary>The running deviation of an output's targets, within its bounds.</summary>
    public double DeviationOf(int output) =>
        Math.Clamp(Math.Sqrt(Math.Max(0, squares[output] - (means[output] * means[output]))), smallest, largest);

    /// <summary>Follows new targets of one output, and rescales the layer so that its denormalised predictions stay as they were.</summary>
    /// <param name="output">The output's place.</param>
    /// <param name="targets">Of any shape; those that are not finite count as missing.</param>
    /// <param name="layer">Predicts the normalised values of all outputs, with a bias.</param>
    /// <exception cref="ArgumentException">The layer has another number of outputs, or no bias.</exception>
    public void Update(int output, Tensor targets, Linear layer)
    {
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentNullException.ThrowIfNull(layer);
        if (layer.bias is null || layer.weight!.size(0) != means.Length)
        {
            throw new ArgumentException(
                $"PopArt of {means.Length} outputs rescales a linear layer of as many, with a bias; got one of {layer.weight!.size(0)}{(layer.bias is null ? " without" : "")}.",
                nameof(layer)
            );
        }

        double[] present = [.. Numbers.Read(targets).Where(double.IsFinite)];
        if (present.Length == 0)
        {
            return;
        }

        var (mean, deviation) = (means[output], DeviationOf(output));
        means[output] += rate * (present.Average() - means[output]);
        squares[output] += rate * (present.Average(target => target * target) - squares[output]);
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var ratio = deviation / DeviationOf(output);
        layer.weight.select(0, output).mul_(ratio);
        layer.bias.select(0, output).mul_(ratio).add_((mean - means[output]) / DeviationOf(output));
    }

    /// <summary>Targets as the layer is to predict them.</summary>
    /// <param name="targets">[..., outputs].</param>
    public Tensor Normalize(Tensor targets)
    {
        ArgumentNullException.ThrowIfNull(targets);
        return targets.sub(Vector(means, targets)).div(Vector(Deviations(), targets));
    }

    /// <summary>The layer's predictions in the targets' own units.</summary>
    /// <param name="predictions">[..., outputs].</param>
    public Tensor Denormalize(Tensor predictions)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        return predictions.mul(Vector(Deviations(), predictions)).add(Vector(means, predictions));
    }

    /// <inheritdoc/>
    public void Save(StateDictionary state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Set("means", means);
        state.Set("squares", squares);
    }

    /// <inheritdoc/>
    public void Load(StateDictionary state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var (loadedMeans, loadedSquares) = (state.Numbers("means"), state.Numbers("squares"));
        if (loadedMeans.Length != means.Length || loadedSquares.Length != means.Length)
        {
            throw new InvalidDataException(
                $"The file holds moments of {loadedMeans.Length} outputs; there are {means.Length}."
            );
        }

        (means, squares) = (loadedMeans, loadedSquares);
    }

    private double[] Deviations() => [.. Enumerable.Range(0, means.Length).Select(DeviationOf)];

    private static Tensor Vector(double[] values, Tensor like) =>
        torch.tensor(values, dtype: like.dtype, device: like.device);
}
