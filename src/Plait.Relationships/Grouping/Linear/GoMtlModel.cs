using Plait.Numerics;

namespace Plait.Relationships.Grouping.Linear;

/// <summary>Linear tasks as sparse combinations of latent ones: what <see cref="GoMtl"/> learned.</summary>
public sealed class GoMtlModel
{
    private readonly double[] basis;
    private readonly double[][] codes;

    internal GoMtlModel(
        IReadOnlyList<LinearTaskData> tasks,
        LinearLoss loss,
        double[] basis,
        double[][] codes,
        IReadOnlyList<double> objectives
    )
    {
        (this.basis, this.codes, Objectives) = (basis, codes, objectives);
        Models = new LinearModels(tasks, loss, Array.ConvertAll(codes, code => LatentBasis.Combine(basis, code)));
    }

    /// <summary>The tasks' models, W = LS.</summary>
    public LinearModels Models { get; }

    /// <summary>How many latent tasks.</summary>
    public int Components => codes[0].Length;

    /// <summary>The objective after each round; never rising.</summary>
    public IReadOnlyList<double> Objectives { get; }

    /// <summary>A latent task, a column of L, [features].</summary>
    public ReadOnlySpan<double> Component(int component) =>
        basis.AsSpan(component * (basis.Length / Components), basis.Length / Components);

    /// <summary>How a task is combined from the latent ones, a column of S, [components]; what it has no part in is exactly 0.</summary>
    public ReadOnlySpan<double> Code(int task) => codes[task];

    /// <summary>How much of a task each latent one makes up, [components]: its share of the lengths |s_k| |L_k|; all 0 where the weights are.</summary>
    /// <param name="task">Its place.</param>
    public double[] Shares(int task)
    {
        double[] lengths = [.. codes[task].Select((part, k) => Math.Abs(part) * Length(k))];
        var sum = lengths.Sum();
        return sum == 0 ? lengths : Array.ConvertAll(lengths, length => length / sum);
    }

    /// <summary>For each task the latent one that contributes most to its weights; -1 where all its weights are 0.</summary>
    public IReadOnlyList<int> Groups =>
        [
            .. codes.Select(code =>
                Enumerable
                    .Range(0, Components)
                    .Where(k => code[k] != 0)
                    .OrderByDescending(k => Math.Abs(code[k]) * Length(k))
                    .FirstOrDefault(-1)
            ),
        ];

    /// <summary>For each latent task those that have a part in it; a task may be in several, or in none.</summary>
    public IReadOnlyList<TaskGroup> OverlappingGroups =>
        [
            .. Enumerable
                .Range(0, Components)
                .Select(k => new TaskGroup([.. Models.Tasks.Where((_, task) => codes[task][k] != 0)])),
        ];

    /// <summary>How alike the tasks are: the cosines of their codes, from -1 to 1, where the sign is part of being alike.</summary>
    public AffinityMatrix Similarity() => LinearModels.Cosines(Models.Tasks, codes);

    private double Length(int component) => Math.Sqrt(Vectors.Dot(Component(component), Component(component)));
}
