namespace Plait.Tasks;

/// <summary>What outputs say of targets: a distribution, whose logarithm has a gradient by the outputs.</summary>
public abstract class OutputLikelihood
{
    /// <summary>
    /// Gradients of the log-likelihood by the outputs whose outer products add up, in the mean over chance, to the Fisher
    /// information of the outputs.
    /// </summary>
    /// <param name="outputs">[rows, channels], without a graph.</param>
    /// <param name="draws">How many labels are drawn a row; 0 for all labels by their probability.</param>
    /// <param name="generator">Draws, on the CPU.</param>
    /// <returns>Each [rows, channels].</returns>
    public IEnumerable<Tensor> Scores(Tensor outputs, int draws, torch.Generator generator) =>
        draws == 0
            ? Exact(outputs)
            : Enumerable.Range(0, draws).Select(_ => Draw(outputs, generator).div(Math.Sqrt(draws)));

    /// <summary>Minus the log-likelihood of each label, up to what does not depend on the outputs.</summary>
    /// <param name="outputs">[rows, channels].</param>
    /// <param name="labels">As tasks give them.</param>
    /// <returns>[rows, ...].</returns>
    public abstract Tensor Cost(Tensor outputs, Tensor labels);

    /// <summary>The gradient for one label a row, drawn from the distribution.</summary>
    /// <param name="outputs">[rows, channels].</param>
    /// <param name="generator">Draws, on the CPU.</param>
    protected abstract Tensor Draw(Tensor outputs, torch.Generator generator);

    /// <summary>Gradients whose outer products add up to the information itself.</summary>
    /// <param name="outputs">[rows, channels].</param>
    protected abstract IEnumerable<Tensor> Exact(Tensor outputs);

    /// <summary>For outputs that are independent of each other: one channel at a time.</summary>
    /// <param name="spreads">The roots of the information of each output, [rows, channels].</param>
    protected static IEnumerable<Tensor> OneByOne(Tensor spreads)
    {
        ArgumentNullException.ThrowIfNull(spreads);
        return Alone(spreads);
    }

    /// <summary>Numbers from 0 to below 1, drawn on the CPU.</summary>
    /// <param name="shape">How many.</param>
    /// <param name="like">Of the type and on the device of this.</param>
    /// <param name="generator">Draws.</param>
    protected static Tensor Uniform(long[] shape, Tensor like, torch.Generator generator) =>
        torch.rand(shape, generator: generator).to(like);

    /// <summary>A class for each row, drawn.</summary>
    /// <param name="probabilities">[rows, classes].</param>
    /// <param name="generator">Draws.</param>
    /// <returns>[rows], Int64.</returns>
    protected static Tensor DrawClass(Tensor probabilities, torch.Generator generator)
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        var below = probabilities.cumsum(1).lt(Uniform([probabilities.size(0), 1], probabilities, generator));
        return below.sum(1L).clamp_max(probabilities.size(1) - 1);
    }

    private static IEnumerable<Tensor> Alone(Tensor spreads)
    {
        for (var channel = 0L; channel < spreads.size(1); channel++)
        {
            var alone = torch.zeros_like(spreads);
            alone.select(1, channel).copy_(spreads.select(1, channel));
            yield return alone;
        }
    }
}
