using System.Buffers;

namespace Plait.Optimization.GradientModulation;

/// <summary>A Gramian with a share of its trace added to its diagonal; the Gramian itself, uncopied, when the share is 0.</summary>
internal readonly ref struct RegularizedGramian : IDisposable
{
    private readonly double[]? rented;

    public RegularizedGramian(GramianView gramian, double share)
    {
        Values = gramian.Values;
        if (share == 0)
        {
            return;
        }

        var count = gramian.Count;
        var trace = 0.0;
        for (var i = 0; i < count; i++)
        {
            trace += gramian[i, i];
        }

        rented = ArrayPool<double>.Shared.Rent(count * count);
        var values = rented.AsSpan(0, count * count);
        gramian.Values.CopyTo(values);
        for (var i = 0; i < count; i++)
        {
            values[i * (count + 1)] += share * trace;
        }

        Values = values;
    }

    /// <summary>All values, row by row.</summary>
    public ReadOnlySpan<double> Values { get; }

    /// <summary>Refuses a share that is none.</summary>
    /// <exception cref="ArgumentException">It is negative or not finite.</exception>
    public static double Require(double regularization) =>
        double.IsFinite(regularization) && regularization >= 0
            ? regularization
            : throw new ArgumentException($"The regularization is a finite number of 0 or more; got {regularization}.");

    public void Dispose()
    {
        if (rented is not null)
        {
            ArrayPool<double>.Shared.Return(rented);
        }
    }
}
