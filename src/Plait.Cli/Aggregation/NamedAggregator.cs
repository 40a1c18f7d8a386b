using System.Globalization;
using Plait.Catalogue;
using Plait.Optimization;
using Plait.Tasks;

namespace Plait.Cli.Aggregation;

/// <summary>An aggregator under the name that was written for it.</summary>
internal sealed class NamedAggregator
{
    // What rounding leaves of a cosine of 0, and of a sum whose terms cancel; far below any angle that matters.
    private const double FlatCosine = 1e-10;
    private const double RoundingOfSum = 1e-13;

    // The lengths whose squares are ordinary doubles.
    private const double ShortestLength = 1.5e-154;
    private const double LongestLength = 1e154;

    private readonly GradientAggregator aggregator;

    private NamedAggregator(string name, GradientAggregator aggregator) => (Name, this.aggregator) = (name, aggregator);

    public string Name { get; }

    /// <summary>Reads a specification such as "cagrad:c=0.4,rescale=1".</summary>
    /// <exception cref="FormatException">The name or an option is unknown, or a value is out of its range.</exception>
    public static NamedAggregator Parse(string specification)
    {
        var aggregator = MethodCatalog.Create<GradientAggregator>(specification);
        return aggregator.Location == GradientLocation.Parameters
            ? new(specification, aggregator)
            : throw new FormatException(
                $"'{specification}' looks at the shared representation of a network, and there is none here; choose another method{(specification.Contains("at=", StringComparison.Ordinal) ? ", or leave out 'at'" : "")}."
            );
    }

    /// <summary>What the method makes of a case, as at the first step of a run.</summary>
    /// <param name="given">The case.</param>
    /// <param name="seed">Decides what a method that draws chance draws.</param>
    /// <exception cref="ArgumentException">The method cannot make an update of this case.</exception>
    /// <exception cref="InvalidOperationException">The method needs what the case has not.</exception>
    /// <exception cref="NotSupportedException">The method needs a network.</exception>
    public CombinedUpdate Apply(GradientCase given, long seed)
    {
        RequireSquares(given);
        using var scope = torch.NewDisposeScope();
        aggregator.Begin(given.Tasks);
        using var gradients = given.Gradients();
        var update = aggregator.Aggregate(gradients, new StepContext { Tasks = given.Tasks, Seed = seed });
        var combined = Numbers(update);
        double[] factors = [.. gradients.Factors];
        if (!Array.TrueForAll(combined, double.IsFinite) || !Array.TrueForAll(factors, double.IsFinite))
        {
            throw new ArgumentException($"'{Name}' makes an update of this case that is not finite.");
        }

        var isSum =
            factors.Length == given.Count && (aggregator is GramianAggregator || IsSum(given, factors, combined));
        return new CombinedUpdate(
            isSum ? factors : null,
            combined,
            Vectors.Length(combined),
            Conflicts(given, factors, combined),
            aggregator is GramianAggregator method ? method.Residual(gradients.Gramian(), factors) : double.NaN
        );
    }

    /// <summary>Methods that compare gradients compute squares of their lengths.</summary>
    private void RequireSquares(GradientCase given)
    {
        var bad = Array.FindIndex(given.Lengths, length => length is not (0 or (> ShortestLength and < LongestLength)));
        if (bad >= 0 && aggregator.NeedsTaskGradients)
        {
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"the gradient of task '{given.Tasks[bad].Name}' has the length {given.Lengths[bad]:g3}, whose square is outside of double precision; give lengths from {ShortestLength:g2} to {LongestLength:g1}."
                )
            );
        }
    }

    /// <summary>Whether the update is the sum of the gradients times the factors, and the factors therefore its weights.</summary>
    private static bool IsSum(GradientCase given, double[] factors, double[] combined)
    {
        var difference = (double[])combined.Clone();
        var terms = 0.0;
        for (var task = 0; task < given.Count; task++)
        {
            var row = given.Row(task);
            terms += Math.Abs(factors[task]) * Vectors.Largest(row);
            for (var i = 0; i < row.Length; i++)
            {
                difference[i] -= factors[task] * row[i];
            }
        }

        return Vectors.Largest(difference) <= FlatCosine * terms;
    }

    /// <summary>How many tasks get worse along the update, beyond what rounding explains.</summary>
    private static int Conflicts(GradientCase given, double[] factors, double[] combined)
    {
        var length = Vectors.Length(combined);
        var terms = factors.Select((factor, task) => Math.Abs(factor) * given.Lengths[task]).Sum();
        var flat = FlatCosine + (RoundingOfSum * terms / length);
        return Enumerable.Range(0, given.Count).Count(task => Vectors.Cosine(given.Row(task), combined) < -flat);
    }

    private static double[] Numbers(Tensor update)
    {
        var numbers = update.detach().to(ScalarType.Float64).cpu().contiguous();
        return numbers.data<double>().ToArray();
    }
}

/// <summary>What a method makes of a case.</summary>
/// <param name="Weights">The weight of each gradient in the update; null where the update is no weighted sum.</param>
/// <param name="Combined">The update.</param>
/// <param name="Length">Its Euclidean length.</param>
/// <param name="Conflicts">How many gradients have a negative inner product with it.</param>
/// <param name="Residual">How far the weights are from the method's equations; NaN where it has none.</param>
internal sealed record CombinedUpdate(
    double[]? Weights,
    double[] Combined,
    double Length,
    int Conflicts,
    double Residual
);
