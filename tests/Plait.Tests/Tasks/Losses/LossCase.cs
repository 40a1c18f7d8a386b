using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Tasks.Losses;

namespace Plait.Tests.Tasks.Losses;

/// <summary>One loss with outputs and raw targets that suit it, in double precision.</summary>
/// <param name="Name">What the test's name shows.</param>
/// <param name="Loss">The loss.</param>
/// <param name="OutputShape">The shape of its outputs.</param>
/// <param name="TargetShape">The shape of its targets.</param>
/// <param name="Classes">0 for numbers, 1 for yes or no, else that many class numbers.</param>
/// <param name="IsPointwise">Whether targets cost the same however they are arranged in rows.</param>
/// <param name="IsSmooth">Whether finite differences find the slope that the loss means.</param>
public sealed record LossCase(
    string Name,
    TaskLoss Loss,
    long[] OutputShape,
    long[] TargetShape,
    int Classes,
    bool IsPointwise = true,
    bool IsSmooth = true
)
{
    public static readonly LossCase[] All =
    [
        new("squared", new SquaredError(), [5, 1], [5], 0),
        new("squared, three wide", new SquaredError(), [5, 3], [5, 3], 0),
        new("absolute", new AbsoluteError(), [5, 1], [5], 0),
        new("absolute, dense", new AbsoluteError(), [4, 1, 2, 3], [4, 2, 3], 0),
        new("huber", new Huber(0.7), [5, 2], [5, 2], 0),
        new("binary", new BinaryCrossEntropy(), [6, 1], [6], 1),
        new("binary, weighted", new BinaryCrossEntropy(3), [6, 2], [6, 2], 1),
        new("binary, classes weighted", new BinaryCrossEntropy([0.4f, 3]), [6, 2], [6, 2], 1),
        new("classes", new CrossEntropy(), [6, 3], [6], 3),
        new("classes, weighted", new CrossEntropy([0.5f, 2, 1]), [6, 3], [6], 3),
        new("classes, smoothed", new CrossEntropy(labelSmoothing: 0.2), [6, 3], [6], 3),
        new("classes, weighted and smoothed", new CrossEntropy([0.5f, 2, 1], 0.2), [6, 3], [6], 3),
        new("classes, dense", new CrossEntropy([1, 2, 3]), [3, 3, 2, 2], [3, 2, 2], 3),
        new("balanced", new BalancedCrossEntropy(0.95), [6, 1], [6], 1),
        new("balanced, dense", new BalancedCrossEntropy(0.7), [3, 1, 2, 3], [3, 1, 2, 3], 1),
        new("balanced by the batch", new BalancedCrossEntropy(), [3, 1, 2, 3], [3, 2, 3], 1),
        new("berhu", new BerHu(), [3, 1, 2, 3], [3, 1, 2, 3], 0, IsSmooth: false),
        new("cosine", new CosineDistance(), [3, 3, 2, 2], [3, 3, 2, 2], 0, IsPointwise: false),
        new("scale-invariant", new ScaleInvariantLog(), [3, 1, 2, 3], [3, 1, 2, 3], 0, IsPointwise: false),
        new("levels", new Ordinal(4).DefaultLoss(), [6, 3], [6], 4),
        new("levels, weighted", new Ordinal(4).DefaultLoss([0.5f, 2, 1, 3]), [6, 3], [6], 4),
        new("levels, dense", new Ordinal(3, Layout.Pixel).DefaultLoss(), [3, 2, 2, 2], [3, 2, 2], 3),
        new("counts", new Count().DefaultLoss(), [6, 1], [6], 1),
        new("counts, two wide", new Count(2).DefaultLoss(), [6, 2], [6, 2], 1),
        new("classes, ignore index", new CrossEntropy([1, 2, 3], 0.1, ignoreIndex: 255), [6, 3], [6], 3),
    ];

    public static IEnumerable<TheoryDataRow<LossCase>> Rows => All.Select(loss => new TheoryDataRow<LossCase>(loss));

    public static IEnumerable<TheoryDataRow<LossCase>> PointwiseRows => Rows.Where(row => row.Data.IsPointwise);

    public static IEnumerable<TheoryDataRow<LossCase>> SmoothRows => Rows.Where(row => row.Data.IsSmooth);

    public bool HasClassNumbers => Classes > 1;

    /// <summary>Outputs in -3..3; those of absolute and Huber losses are kept off their kinks by the draw itself.</summary>
    public Tensor Output(int seed) => Draw(seed, OutputShape, random => (random.NextDouble() * 6) - 3);

    public Tensor RawTarget(int seed) =>
        HasClassNumbers
            ? Draw(seed + 1, TargetShape, random => random.Next(Classes)).to(ScalarType.Int64)
            : Draw(seed + 1, TargetShape, random => Classes == 1 ? random.Next(2) : (random.NextDouble() * 4) - 2);

    /// <summary>A mark for each target; each is present with probability 0.6, the first always and the last never.</summary>
    public Tensor Mask(int seed)
    {
        var marks = Draw(seed + 2, TargetShape, random => random.NextDouble() < 0.6 ? 1 : 0).flatten();
        marks[0] = torch.tensor(1.0);
        marks[-1] = torch.tensor(0.0);
        return marks.view(TargetShape).to(ScalarType.Bool);
    }

    public override string ToString() => Name;

    private static Tensor Draw(int seed, long[] shape, Func<Random, double> next)
    {
        var random = new Random(seed);
        var numbers = new double[shape.Aggregate(1L, (product, side) => product * side)];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = next(random);
        }

        return torch.tensor(numbers).view(shape);
    }
}
