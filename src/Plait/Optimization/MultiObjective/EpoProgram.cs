using Plait.Numerics;

namespace Plait.Optimization.MultiObjective;

/// <summary>The linear program of one step of EPO search (Mahapatra and Rajan 2020, equations 20 to 24).</summary>
/// <remarks>
/// With l = r∘L / sum(r∘L), non-uniformity mu = sum l_t log(T l_t), a_t = r_t (log(T l_t) - mu) and c = M a.
/// The tasks stand by rising length of their gradients: weights of long gradients are small, and an elimination that begins with
/// the weights that are large loses none of their digits.
/// </remarks>
internal readonly ref struct EpoProgram
{
    private const double Rounding = 2.220446049250313e-16; // keeps the logarithm of a loss of zero finite, as in the paper's code

    private const double Noise = 8 * Rounding; // a difference of this share of its terms is nothing but rounding

    private const double Unsolved = 1e-9; // a share of its terms by which no solution misses a bound

    private readonly int count;
    private readonly Span<double> gramian; // M, the tasks in their order here
    private readonly Span<double> losses;
    private readonly Span<double> turned; // weights in the order here
    private readonly Span<int> order;
    private readonly bool balances;
    private readonly bool relaxed;
    private readonly Span<double> scaled; // r l of each task
    private readonly Span<double> descent; // c
    private readonly Span<double> objective;
    private readonly Span<double> bounds; // of the sum of the weights, then of the tasks
    private readonly Span<double> rows;

    /// <param name="gramian">With losses of 0 or more.</param>
    /// <param name="preference">One share a task.</param>
    /// <param name="work">Of <see cref="WorkSize"/> numbers.</param>
    /// <param name="order">One number a task.</param>
    /// <param name="tolerance">The non-uniformity up to which the losses count as on the ray.</param>
    /// <param name="relaxed">Whether dominance may leave the ray.</param>
    public EpoProgram(
        GramianView gramian,
        scoped ReadOnlySpan<double> preference,
        Span<double> work,
        Span<int> order,
        double tolerance,
        bool relaxed
    )
    {
        this.order = order;
        this.relaxed = relaxed;
        count = gramian.Count;
        scaled = work[..count];
        descent = work.Slice(count, count);
        objective = work.Slice(2 * count, count);
        bounds = work.Slice(3 * count, count + 2);
        rows = work.Slice((4 * count) + 2, count * (count + 2));
        this.gramian = work.Slice((4 * count) + 2 + (count * (count + 2)), count * count);
        losses = work.Slice((4 * count) + 2 + (count * ((2 * count) + 2)), count);
        turned = work.Slice((5 * count) + 2 + (count * ((2 * count) + 2)), count);
        TakeInOrder(gramian);
        balances = Adjust(preference, objective) > tolerance;
        for (var i = 0; i < count; i++)
        {
            var (sum, size) = (0.0, 0.0);
            for (var j = 0; j < count; j++)
            {
                sum += Row(i)[j] * objective[j];
                size += Math.Abs(Row(i)[j] * objective[j]);
            }

            descent[i] = Math.Abs(sum) <= Noise * count * size ? 0 : sum;
        }
    }

    public static int WorkSize(int count) => (6 * count) + 2 + (count * ((2 * count) + 2));

    /// <summary>Weights on the simplex.</summary>
    public void Solve(Span<double> shares)
    {
        Solve(turned, out _);
        for (var i = 0; i < count; i++)
        {
            shares[order[i]] = turned[i];
        }
    }

    /// <summary>How far shares are from a best point of the program that <see cref="Solve(Span{double})"/> solves.</summary>
    public double Residual(ReadOnlySpan<double> weights)
    {
        var (best, shares) = (new double[count], new double[count]);
        for (var i = 0; i < count; i++)
        {
            shares[i] = weights[order[i]];
        }

        Solve(best, out var constraints);
        var (optimum, found, scale) = (Vectors.Dot(objective, best), Vectors.Dot(objective, shares), 0.0);
        for (var i = 0; i < count; i++)
        {
            scale += Math.Abs(objective[i]) * (Math.Abs(shares[i]) + best[i]);
        }

        return Math.Max(optimum > found ? (optimum - found) / scale : 0, Violation(constraints, shares));
    }

    /// <summary>The largest share of a constraint's terms by which shares miss its bound.</summary>
    private double Violation(int constraints, ReadOnlySpan<double> shares)
    {
        var worst = Math.Abs(Vectors.Dot(rows[..count], shares) - bounds[0]) / bounds[0];
        for (var row = 1; row < constraints; row++)
        {
            var missing = Vectors.Dot(rows.Slice(row * count, count), shares) - bounds[row];
            var size = Math.Abs(bounds[row]) + LargestTerm(rows.Slice(row * count, count), shares);
            worst = Math.Max(worst, size == 0 ? 0 : missing / size);
        }

        return worst;
    }

    /// <summary>What a row's sum is rounded against: its factors are inner products, rounded against the gradients' lengths themselves.</summary>
    private double LargestTerm(ReadOnlySpan<double> row, ReadOnlySpan<double> shares)
    {
        var longest = 0.0;
        var factor = 0.0;
        for (var i = 0; i < count; i++)
        {
            longest = Math.Max(longest, Length(i) * shares[i]);
            factor = Math.Max(factor, Math.Abs(row[i]) / Length(i));
        }

        return longest * factor;
    }

    private void Solve(Span<double> shares, out int constraints)
    {
        constraints = balances ? WriteBalance() : WriteDominance(relaxed);
        if (Climb(constraints, shares))
        {
            return;
        }

        constraints = WriteDominance(relax: true);
        if (balances || !Climb(constraints, shares))
        {
            objective.Clear();
            MinNormPoint.Solve(gramian, shares);
        }
    }

    private ReadOnlySpan<double> Row(int i) => gramian.Slice(i * count, count);

    private void TakeInOrder(GramianView given)
    {
        for (var i = 0; i < count; i++)
        {
            var place = i;
            for (; place > 0 && given[order[place - 1], order[place - 1]] > given[i, i]; place--)
            {
                order[place] = order[place - 1];
            }

            order[place] = i;
        }

        for (var i = 0; i < count; i++)
        {
            losses[i] = given.Losses[order[i]];
            for (var j = 0; j < count; j++)
            {
                gramian[(i * count) + j] = given[order[i], order[j]];
            }
        }
    }

    /// <summary>Solves for weight times length, numbers of like size; false where there is no point, or rounding hides it.</summary>
    private bool Climb(int constraints, Span<double> shares)
    {
        Stretch(constraints, -1);
        var status = LinearProgram.Solve(
            objective,
            rows[..(constraints * count)],
            bounds[..constraints],
            equations: 1,
            shares
        );
        Stretch(constraints, 1);
        for (var i = 0; i < count; i++)
        {
            shares[i] /= Length(i);
        }

        return status == LinearProgramStatus.Optimal && Violation(constraints, shares) <= Unsolved;
    }

    private void Stretch(int constraints, int power)
    {
        for (var i = 0; i < count; i++)
        {
            var factor = power > 0 ? Length(i) : 1 / Length(i);
            objective[i] *= factor;
            for (var row = 0; row < constraints; row++)
            {
                rows[(row * count) + i] *= factor;
            }
        }
    }

    private double Length(int i) => Row(i)[i] == 0 ? 1 : Math.Sqrt(Row(i)[i]);

    /// <summary>Finds r l and a.</summary>
    /// <returns>The non-uniformity.</returns>
    private double Adjust(scoped ReadOnlySpan<double> preference, Span<double> adjustment)
    {
        var sum = 0.0;
        for (var i = 0; i < count; i++)
        {
            if (!(losses[i] >= 0))
            {
                throw new ArgumentException($"EPO needs losses of 0 or more; got {losses[i]}.");
            }

            scaled[i] = preference[order[i]] * losses[i];
            sum += scaled[i];
        }

        if (sum == 0)
        {
            adjustment.Clear();
            return 0;
        }

        var nonUniformity = 0.0;
        for (var i = 0; i < count; i++)
        {
            var share = scaled[i] / sum;
            nonUniformity += share > Rounding ? share * Math.Log(share * count) : 0;
        }

        for (var i = 0; i < count; i++)
        {
            var share = scaled[i] / sum;
            var excess = Math.Log((share * count) + Rounding) - nonUniformity;
            adjustment[i] = Math.Abs(excess) <= Noise ? 0 : preference[order[i]] * excess;
        }

        return nonUniformity;
    }

    /// <summary>Towards the ray as fast as can be, while the worst task's loss does not rise.</summary>
    private int WriteBalance()
    {
        var constraints = WriteSum();
        var helps = false;
        var worst = 0.0;
        for (var i = 0; i < count; i++)
        {
            helps |= descent[i] > 0;
            worst = Math.Max(worst, scaled[i]);
        }

        for (var i = 0; i < count; i++)
        {
            objective[i] = descent[i];
            var isWorst = scaled[i] == worst;
            if (!helps || isWorst || descent[i] <= 0)
            {
                WriteRow(constraints++, Row(i), helps && !isWorst ? descent[i] : 0);
            }
        }

        return constraints;
    }

    /// <summary>Down with all losses, without leaving the ray unless relaxed.</summary>
    private int WriteDominance(bool relax)
    {
        var constraints = WriteSum();
        objective.Clear();
        var best = double.NegativeInfinity;
        for (var i = 0; i < count; i++)
        {
            WriteRow(constraints++, Row(i), 0);
            best = Math.Max(best, descent[i]);
            for (var j = 0; j < count; j++)
            {
                objective[j] += Row(i)[j];
            }
        }

        if (!relax)
        {
            WriteRow(constraints++, descent, Math.Min(0, best));
        }

        return constraints;
    }

    /// <summary>The weights' sum is 1.</summary>
    private int WriteSum()
    {
        rows[..count].Fill(1);
        bounds[0] = 1;
        return 1;
    }

    /// <summary>A product with the weights is at least a number: written the other way round, as programs have it.</summary>
    private void WriteRow(int row, ReadOnlySpan<double> factors, double least)
    {
        for (var i = 0; i < count; i++)
        {
            rows[(row * count) + i] = -factors[i];
        }

        bounds[row] = -least;
    }
}
