using Plait.Data;
using Plait.Tasks;

namespace Plait.Tests.Data;

/// <summary>Rows of parts and of different lengths that are read one by one.</summary>
[Collection("torch")]
public sealed class StoredPartsTests
{
    private const int Rows = 61;

    private static readonly TaskSet Tasks = SmallTexts.Tasks;

    [Theory]
    [InlineData(null, false)]
    [InlineData(3L, true)]
    public void Their_batches_are_those_of_the_same_rows_in_memory(long? seed, bool dropLast)
    {
        using var memory = Memory();
        using var stored = new OneByOne(memory);
        using var again = stored.ToMemory();

        Assert.Equal(memory.InputSpec, stored.InputSpec);
        AssertSame(memory, stored);
        AssertSame(memory, again);
        AssertSame(memory.Take(20), stored.Take(20));

        void AssertSame(IDataSet expected, IDataSet actual)
        {
            using var one = expected.Batches(4, seed, dropLast);
            using var other = actual.Batches(4, seed, dropLast);
            for (var place = 0L; place < 20; place++)
            {
                using var scope = torch.NewDisposeScope();
                var batch = one.Read(Tasks.All, [place, place]);
                var same = other.Read(Tasks.All, [place, place]);
                Assert.Equal(Content(batch.BatchInputOf(0)), Content(same.BatchInputOf(0)));
                Assert.Same(same.BatchInputOf(0), same.BatchInputOf(1));
                Assert.Equal(SmallData.Numbers(batch.TargetOf(0).Values), SmallData.Numbers(same.TargetOf(0).Values));
            }
        }
    }

    [Fact]
    public void A_row_that_is_not_what_the_data_says_is_named()
    {
        using var memory = Memory();
        using var stored = new OneByOne(memory) { Said = new VectorInput(3) };
        using var flat = new OneByOne(memory) { KeepsRowAxis = false };

        Says(stored, "Row 0 of the input of task 'share'", "vectors of 3 numbers are expected");
        Says(flat, "Row 0 of the input of task 'share'", "an axis of 1 for rows");
    }

    [Fact]
    public void Reading_leaves_no_tensor_behind()
    {
        using var memory = Memory();
        using var stored = new OneByOne(memory);
        using var source = stored.Batches(4, shuffleSeed: 1);
        source.Read(Tasks.All, [0, 0]).Dispose();
        var before = SmallData.CountTensors();

        source.Read(Tasks.All, [1, 1]).Dispose();
        stored.ToMemory().Dispose();

        Assert.Equal(before, SmallData.CountTensors());
    }

    private static void Says(StoredData stored, params string[] fragments)
    {
        using var scope = torch.NewDisposeScope();
        var fault = Assert.Throws<InvalidDataException>(() => stored.Batches(4).Read(Tasks.All, [0, 0]));
        Assert.All(fragments, text => Assert.Contains(text, fault.Message, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Texts of different lengths beside numbers that every third row lacks.</summary>
    private static TensorData Memory()
    {
        using var scope = torch.NewDisposeScope();
        var (words, share, seven) = SmallTexts.Draw(Rows, 0, 0, 0);
        var numbers = torch.arange(Rows * 3).view(Rows, 3).to(ScalarType.Float32);
        var input = new BatchInput(
            words.Parts[0] with
            {
                Name = "words",
            },
            new InputPart("numbers", numbers, Present: torch.arange(Rows).remainder(3).ne(1))
        );
        return TensorData.Shared(Tasks, input, [TaskTarget.Of(share), TaskTarget.Of(seven)]);
    }

    private static string[] Content(BatchInput input) =>
        [
            .. input.Parts.Select(part =>
                $"{part.Name} "
                + string.Join(
                    " ",
                    part.Tensors.Select(tensor => $"{tensor.dtype} {string.Join(",", tensor.shape)} {Text(tensor)}")
                )
            ),
        ];

    private static string Text(Tensor tensor) =>
        string.Join(",", tensor.to(ScalarType.Float64).contiguous().data<double>().ToArray());

    private sealed class OneByOne(TensorData rows) : StoredData(rows.Streams)
    {
        public InputSpec Said { get; init; } = rows.InputSpec;

        public bool KeepsRowAxis { get; init; } = true;

        public override InputSpec InputSpecOf(int task) => Said;

        public override long RowsOf(int task) => rows.RowsOf(task);

        public override BatchInput ReadInput(int task, long row)
        {
            using var scope = torch.NewDisposeScope();
            var all = rows.BatchInputOf(task);
            var length = all.Part("words").Lengths![row].item<long>();
            var words = new InputPart(
                "words",
                all["words"].narrow(0, row, 1).narrow(1, 0, length).clone().MoveToOuterDisposeScope(),
                torch.tensor([length]).MoveToOuterDisposeScope()
            );
            var numbers = new InputPart(
                "numbers",
                all["numbers"].narrow(0, row, 1).clone().MoveToOuterDisposeScope(),
                Present: all.Present("numbers")!.narrow(0, row, 1).clone().MoveToOuterDisposeScope()
            );
            return KeepsRowAxis
                ? new BatchInput(words, numbers)
                : new BatchInput(all["numbers"][row].clone().MoveToOuterDisposeScope());
        }

        public override Tensor ReadTarget(int task, long row) => rows.TargetOf(task).Values[row].clone();
    }
}
