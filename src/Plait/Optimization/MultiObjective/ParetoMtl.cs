using System.Buffers;
using Plait.Catalogue;
using Plait.Networks;
using Plait.Numerics;
using Plait.Optimization.MultiObjective.ParetoFront;
using Plait.Tasks;
using Plait.Torch;

namespace Plait.Optimization.MultiObjective;

/// <summary>Goes to a Pareto-optimal point in one of several sectors that rays divide the space of losses into.</summary>
/// <remarks>
/// <para>Lin, Zhen, Li, Zhang and Kwong 2019, <i>Pareto Multi-Task Learning</i>, algorithm 1. The sector of ray u_k holds the losses with
/// u_j·L at most u_k·L for every j. Its first phase goes down the violated constraints until there is none; the second takes the
/// shortest convex combination of task gradients and gradients of violated constraints. Both are weights on the task
/// gradients, sum over t and j of lambda_t + beta_j (u_j - u_k)_t, brought to a sum of sizes of T as in the paper's code, and count for the
/// tasks' private parameters as well.</para>
/// <para>With a network that is asked for trade-offs, such as <c>phn</c>, the ray is that of each step's preference, the other rays stay, and
/// each step is of the first phase where the losses lie outside its sector and of the second where they lie inside: the controllable
/// Pareto multi-task learning of Lin, Yang, Zhang and Kwong 2020 (arXiv 2010.06313), as far as its objective goes.</para>
/// </remarks>
[Method(
    "pareto-mtl",
    Survey = "3.6",
    Paper = "Lin, Zhen, Li, Zhang and Kwong 2019, Pareto Multi-Task Learning",
    Arxiv = "1912.12854",
    Summary = "Finds a Pareto-optimal point in one of several sectors of the space of losses."
)]
[Updates(UpdateProperties.Homogeneous)]
public sealed class ParetoMtl : GramianAggregator
{
    private const int OnStack = 256;
    private const string Phase = "feasible";

    private readonly int preferences;
    private readonly int index;
    private readonly int warmup;
    private readonly Preference asked = new(null);
    private IReadOnlyList<double[]> rays = [];
    private bool feasible; // from here on steps are of the second phase

    /// <summary>Sets the options.</summary>
    /// <param name="preferences">
    /// How many rays: at equal angles for two tasks; for more, those of the smallest lattice of so many points (3, 6, 10, 15... for
    /// three tasks). 1 or more; 5 in the paper.
    /// </param>
    /// <param name="index">Which of them, from 0; the first is that of the first task's loss alone.</param>
    /// <param name="warmup">Epochs that the first phase may take; 0 or more.</param>
    /// <param name="at">Where the gradients are taken.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public ParetoMtl(
        int preferences = 5,
        int index = 0,
        int warmup = 2,
        GradientLocation at = GradientLocation.Parameters
    )
        : base(at)
    {
        if (preferences < 1 || index < 0)
        {
            throw new ArgumentException(
                $"Pareto MTL has 1 ray or more and an index from 0; got preferences={preferences}, index={index}."
            );
        }

        if (warmup < 0)
        {
            throw new ArgumentException($"The warm-up is a number of epochs from 0; got {warmup}.", nameof(warmup));
        }

        this.preferences = preferences;
        this.index = index;
        this.warmup = warmup;
    }

    /// <summary>The rays that divide the space of losses, unit vectors.</summary>
    /// <param name="tasks">How many losses; 2 or more.</param>
    /// <param name="count">How many rays; for three tasks or more the number of a lattice's points, this or the next above it.</param>
    public static IReadOnlyList<double[]> Rays(int tasks, int count)
    {
        if (tasks == 2)
        {
            return PreferenceVectors.Circle(count);
        }

        var lattice =
            count == 1
                ?
                [
                    [.. Enumerable.Repeat(1.0, tasks)],
                ]
                : PreferenceVectors.LatticeOfAtLeast(tasks, count);
        return [.. lattice.Select(point => PreferenceVectors.UnitOf(point))];
    }

    /// <inheritdoc/>
    public override void Begin(int tasks)
    {
        if (tasks < 2)
        {
            throw new ArgumentException($"Pareto MTL chooses between tasks, so it needs 2 or more; got {tasks}.");
        }

        rays = Rays(tasks, preferences);
        if (index >= rays.Count)
        {
            throw new ArgumentException(
                $"Pareto MTL has {rays.Count} rays here, so the index is from 0 to {rays.Count - 1}; got {index}."
            );
        }

        feasible = false;
    }

    /// <inheritdoc/>
    public override void Begin(MultiTaskNetwork network)
    {
        asked.Begin(network);
        Begin(network.Tasks.Count);
    }

    /// <inheritdoc/>
    public override bool WeighsPrivateParameters => true;

    /// <inheritdoc/>
    public override void Save(StateDictionary state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Set(Phase, [feasible ? 1L : 0]);
    }

    /// <inheritdoc/>
    public override void Load(StateDictionary state)
    {
        ArgumentNullException.ThrowIfNull(state);
        feasible = state.Integers(Phase)[0] != 0;
    }

    /// <inheritdoc/>
    protected internal override void Weigh(GramianView gramian, Span<double> weights, StepContext step)
    {
        ArgumentNullException.ThrowIfNull(step);
        var count = gramian.Count;
        if (gramian.Losses.Length != count)
        {
            throw new ArgumentException(
                $"Pareto MTL needs {count} losses with the Gramian; got {gramian.Losses.Length}."
            );
        }

        if (rays.Count == 0)
        {
            Begin(step.Tasks.Count);
        }

        var size = (count + rays.Count) * count;
        var rented = size > OnStack ? ArrayPool<double>.Shared.Rent(size) : null;
        try
        {
            var rows = rented is null ? stackalloc double[size] : rented.AsSpan(0, size);
            var active = WriteActive(gramian, rows[(count * count)..]);
            feasible |= active == 0 || step.Epoch >= warmup;
            if (asked.IsAsked ? active == 0 : feasible)
            {
                WriteTasks(count, rows);
                Combine(gramian, rows[..((count + active) * count)], weights);
                Normalise(weights);
            }
            else
            {
                Combine(gramian, rows.Slice(count * count, active * count), weights);
            }
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<double>.Shared.Return(rented);
            }
        }
    }

    /// <summary>Writes u_j - u_k for each violated constraint.</summary>
    /// <returns>How many there are.</returns>
    private int WriteActive(GramianView gramian, Span<double> rows)
    {
        var count = gramian.Count;
        var own = asked.IsAsked ? OwnRay(gramian) : null;
        var active = 0;
        for (var j = 0; j < rays.Count; j++)
        {
            var excess = 0.0;
            for (var i = 0; i < count; i++)
            {
                var task = gramian.Tasks.IsEmpty ? i : gramian.Tasks[i];
                var difference = rays[j][task] - (own ?? rays[index])[task];
                rows[(active * count) + i] = difference;
                excess += difference * gramian.Losses[i];
            }

            active += excess > 0 && (own is not null || j != index) ? 1 : 0;
        }

        return active;
    }

    private double[] OwnRay(GramianView gramian)
    {
        var preference = new double[rays[0].Length];
        asked.Fill(default, preference);
        return PreferenceVectors.RayOf(preference);
    }

    private static void WriteTasks(int count, Span<double> rows)
    {
        rows[..(count * count)].Clear();
        for (var i = 0; i < count; i++)
        {
            rows[(i * count) + i] = 1;
        }
    }

    /// <summary>The shortest convex combination of rows of task gradients, as weights of the tasks.</summary>
    private static void Combine(GramianView gramian, ReadOnlySpan<double> rows, Span<double> weights)
    {
        var count = gramian.Count;
        var number = rows.Length / count;
        var size = number * (number + count + 1);
        var rented = size > OnStack ? ArrayPool<double>.Shared.Rent(size) : null;
        try
        {
            var work = rented is null ? stackalloc double[size] : rented.AsSpan(0, size);
            var products = work[..(number * count)];
            var inner = work.Slice(number * count, number * number);
            var shares = work[^number..];
            for (var row = 0; row < number; row++)
            {
                var factors = rows.Slice(row * count, count);
                for (var i = 0; i < count; i++)
                {
                    products[(row * count) + i] = Vectors.Dot(factors, gramian.Row(i));
                }

                for (var other = 0; other <= row; other++)
                {
                    var product = Vectors.Dot(products.Slice(row * count, count), rows.Slice(other * count, count));
                    // A squared length is never below 0, but for rounding.
                    inner[(row * number) + other] = inner[(other * number) + row] =
                        row == other ? Math.Max(0, product) : product;
                }
            }

            MinNormPoint.Solve(inner, shares);
            weights.Clear();
            for (var place = 0; place < rows.Length; place++)
            {
                weights[place % count] += shares[place / count] * rows[place];
            }
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<double>.Shared.Return(rented);
            }
        }
    }

    /// <summary>Brings the sizes of the weights to a sum of T.</summary>
    private static void Normalise(Span<double> weights)
    {
        var sum = 0.0;
        foreach (var weight in weights)
        {
            sum += Math.Abs(weight);
        }

        for (var i = 0; i < weights.Length && sum > 0; i++)
        {
            weights[i] *= weights.Length / sum;
        }
    }
}
