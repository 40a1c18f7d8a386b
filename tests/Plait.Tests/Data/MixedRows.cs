using Plait.Data;
using Plait.Tasks;
using Plait.Tasks.Answers;

namespace Plait.Tests.Data;

/// <summary>Four tasks: the first, second and fourth look at the same rows, and the third at rows of its own.</summary>
internal static class MixedRows
{
    public const int Common = 40;
    public const int Own = 24;
    public const int Width = 5;

    public static TaskSet Tasks { get; } =
        new(
            LearningTask.Regression("sum"),
            LearningTask.Binary("sign"),
            LearningTask.Regression("own"),
            LearningTask.Regression("first")
        );

    public static RowStreams Streams { get; } = new(Tasks, [0, 0, 1, 0]);

    /// <summary>Targets are functions of their rows; every fourth sign is missing, and the sum too in every eighth row.</summary>
    public static TensorData Data(int common = Common, int own = Own)
    {
        using var scope = torch.NewDisposeScope();
        var (shared, others) = Inputs(common, own);
        return TensorData.PerTask(Tasks, [shared, shared, others, shared], Targets(shared.Values, others.Values));
    }

    /// <summary>The same rows, the common ones of a data set of their own.</summary>
    public static TensorData CommonAlone()
    {
        using var scope = torch.NewDisposeScope();
        var (shared, others) = Inputs(Common, Own);
        var targets = Targets(shared.Values, others.Values);
        return TensorData.Shared(
            new TaskSet(Tasks[0], Tasks[1], Tasks[3]),
            shared,
            [targets[0], targets[1], targets[3]]
        );
    }

    /// <summary>The same rows, read one by one.</summary>
    public static StoredData Stored() => new OneByOne();

    private static (BatchInput Common, BatchInput Own) Inputs(int common, int own)
    {
        using var generator = new torch.Generator(7, torch.CPU);
        return (torch.randn([common, Width], generator: generator), torch.randn([own, Width], generator: generator));
    }

    private static TaskTarget[] Targets(Tensor shared, Tensor others)
    {
        var sum = shared.sum(1L);
        var row = torch.arange(shared.size(0));
        return
        [
            TaskTarget.FromRaw(sum, row.remainder(8).ne(3)),
            TaskTarget.FromRaw(sum.gt(0).to(ScalarType.Float32), row.remainder(4).ne(3)),
            TaskTarget.Of(others.select(1, 1).mul(2)),
            TaskTarget.Of(shared.select(1, 0)),
        ];
    }

    private sealed class OneByOne() : StoredData(MixedRows.Streams)
    {
        private readonly TensorData rows = Data();

        public override InputSpec InputSpecOf(int task) => new VectorInput(Width);

        public override long RowsOf(int task) => rows.RowsOf(task);

        public override BatchInput ReadInput(int task, long row) => rows.InputOf(task).narrow(0, row, 1).clone();

        public override Tensor ReadTarget(int task, long row)
        {
            using var scope = torch.NewDisposeScope();
            var (values, present) = (rows.TargetOf(task).Values[row], rows.TargetOf(task).Present);
            var there = present is null || present[row].item<float>() > 0;
            return (there ? values.clone() : torch.full_like(values, float.NaN)).MoveToOuterDisposeScope();
        }

        protected override void Dispose(bool disposing)
        {
            rows.Dispose();
            base.Dispose(disposing);
        }
    }
}
