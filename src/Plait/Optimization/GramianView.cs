using Plait.Numerics;

namespace Plait.Optimization;

/// <summary>The inner products of T task gradients, T x T, in double precision, and the losses that they belong to.</summary>
public readonly ref struct GramianView
{
    private readonly ReadOnlySpan<double> values;

    /// <summary>Views inner products.</summary>
    /// <param name="values">Row by row, count x count, symmetric.</param>
    /// <param name="tasks">For each gradient, the place of its task in the task set; 0, 1, ... when empty.</param>
    /// <param name="losses">For each gradient, its loss; may be empty for methods that do not ask.</param>
    /// <exception cref="ArgumentException">The number of values is not a square.</exception>
    public GramianView(
        ReadOnlySpan<double> values,
        ReadOnlySpan<int> tasks = default,
        ReadOnlySpan<double> losses = default
    )
    {
        Count = (int)Math.Round(Math.Sqrt(values.Length));
        if (Count * Count != values.Length)
        {
            throw new ArgumentException(
                $"A Gramian has a square number of values; got {values.Length}.",
                nameof(values)
            );
        }

        this.values = values;
        Tasks = tasks;
        Losses = losses;
        Rounding = Vectors.Rounding;
    }

    /// <summary>The number of gradients.</summary>
    public int Count { get; }

    /// <summary>All inner products, row by row.</summary>
    public ReadOnlySpan<double> Values => values;

    /// <summary>For each gradient, the place of its task in the task set: for state kept by task. Empty when nobody said.</summary>
    public ReadOnlySpan<int> Tasks { get; }

    /// <summary>For each gradient, its loss. Empty when nobody said.</summary>
    public ReadOnlySpan<double> Losses { get; }

    /// <summary>The relative error of the inner products: that of the numbers which they were computed in, double precision unless said.</summary>
    public double Rounding { get; init; }

    /// <summary>The inner product of two gradients.</summary>
    public double this[int i, int j] => values[(i * Count) + j];

    /// <summary>The inner products of gradient <paramref name="i"/> with all.</summary>
    public ReadOnlySpan<double> Row(int i) => values.Slice(i * Count, Count);
}
