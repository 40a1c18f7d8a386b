using Plait.Data;

namespace Plait.Tests.Data;

[Collection("torch")]
public sealed class BatchInputTests
{
    [Fact]
    public void A_tensor_is_an_input_and_its_values_are_the_tensor()
    {
        using var scope = torch.NewDisposeScope();
        var tensor = torch.randn(3, 2);

        BatchInput input = tensor;

        Assert.Same(tensor, input.Values);
        Assert.Equal(3, input.Rows);
        Assert.Null(input.Mask);
    }

    [Fact]
    public void A_mask_tells_what_is_no_padding()
    {
        using var scope = torch.NewDisposeScope();
        var input = Tokens([2, 0, 3]);

        bool[] expected = [true, true, false, false, false, false, true, true, true];

        Assert.Equal(expected, input.Mask!.data<bool>().ToArray());
    }

    [Fact]
    public void Parts_are_asked_for_by_name_and_narrowed_chosen_and_joined_together()
    {
        using var scope = torch.NewDisposeScope();
        var input = Parts();

        var narrow = input.Narrow(1, 2);
        var chosen = input.Select(torch.tensor(new long[] { 2, 0 }));
        var joined = BatchInput.Join([narrow, chosen]);

        Assert.Equal([3f, 4, 5, 6], SmallData.Numbers(narrow["numbers"]));
        Assert.Equal([5f, 6, 1, 2], SmallData.Numbers(chosen["numbers"]));
        Assert.Equal([3f, 4, 5, 6, 5, 6, 1, 2], SmallData.Numbers(joined["numbers"]));
        Assert.Equal([false, true, true, true], joined.Present("numbers")!.data<bool>().ToArray());
        Assert.Equal([0L, 3, 3, 2], joined.Part("words").Lengths!.data<long>().ToArray());
        Assert.Null(input.Part("numbers").Parts[0].Present);
    }

    [Fact]
    public void Joined_rows_are_padded_to_the_longest_and_trimmed_ones_to_their_own()
    {
        using var scope = torch.NewDisposeScope();
        var shortRows = Tokens([2, 0, 3]).Narrow(0, 2).Trimmed();
        Assert.Equal([2L, 2], shortRows.Values.shape);

        var joined = BatchInput.Join([shortRows, Tokens([2, 0, 3])]);

        Assert.Equal([5L, 3], joined.Values.shape);
        Assert.Equal([1L, 2, 0, 0, 0, 0], joined.Values.narrow(0, 0, 2).contiguous().data<long>().ToArray());
    }

    [Theory]
    [InlineData(0, 0, 1)] // a layer may want a place to look at
    [InlineData(1, 0, 1)]
    [InlineData(1, 2, 2)]
    [InlineData(3, 2, 3)]
    public void Trimming_leaves_one_place_or_more(long first, long second, long expected)
    {
        using var scope = torch.NewDisposeScope();
        var input = Tokens([first, second, 0]);

        Assert.Equal([3, expected], input.Trimmed().Values.shape);
        Assert.Equal([0L, 3], Tokens([first, second, 0]).Narrow(0, 0).Trimmed().Values.shape);
    }

    [Fact]
    public void Moving_changes_floats_alone_and_nothing_that_is_there()
    {
        using var scope = torch.NewDisposeScope();
        var input = Parts();

        var exact = input.To(torch.CPU, ScalarType.Float64);
        var elsewhere = input.To(torch.META);

        Assert.Equal(ScalarType.Float64, exact["numbers"].dtype);
        Assert.Same(input["words"], exact["words"]);
        Assert.Same(input, input.To(torch.CPU, ScalarType.Float32));
        Assert.All(elsewhere.Tensors, tensor => Assert.Equal(DeviceType.META, tensor.device_type));
    }

    [Fact]
    public void Parts_that_do_not_fit_are_refused()
    {
        using var scope = torch.NewDisposeScope();
        var two = torch.zeros(2, 3);

        Assert.Throws<ArgumentException>(() => new BatchInput(Array.Empty<InputPart>()));
        Assert.Throws<ArgumentException>(() => new BatchInput(new InputPart("a", two), new InputPart("a", two)));
        Assert.Throws<ArgumentException>(() =>
            new BatchInput(new InputPart("a", two), new InputPart("b", torch.zeros(3, 3)))
        );
        Assert.Throws<ArgumentException>(() => new BatchInput(two, torch.zeros(2)));
        Assert.Throws<ArgumentException>(() => new BatchInput(new InputPart("a", two, Present: torch.ones(2))));
        var fault = Assert.Throws<ArgumentException>(() => Parts()["sound"]);
        Assert.Contains("it has numbers, words", fault.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => Parts().Values);
    }

    [Fact]
    public void Nothing_is_left_behind()
    {
        var before = SmallData.CountTensors();
        using (var input = Parts())
        {
            using var narrow = input.Narrow(0, 2);
            using var joined = BatchInput.Join([input, narrow]);
            using var mask = joined.Part("words").Mask;
            using var trimmed = input.Narrow(0, 2).Trimmed();
        }

        Assert.Equal(before, SmallData.CountTensors());
    }

    private static BatchInput Tokens(long[] lengths) =>
        new(torch.tensor(new long[] { 1, 2, 0, 0, 0, 0, 3, 4, 5 }).view(3, 3), torch.tensor(lengths));

    private static BatchInput Parts()
    {
        using var scope = torch.NewDisposeScope();
        var numbers = torch.tensor(new float[] { 1, 2, 3, 4, 5, 6 }).view(3, 2);
        var present = torch.tensor(new[] { true, false, true });
        var words = torch.tensor(new long[] { 1, 2, 0, 0, 0, 0, 3, 4, 5 }).view(3, 3);
        return new(
            new InputPart("numbers", numbers.MoveToOuterDisposeScope(), Present: present.MoveToOuterDisposeScope()),
            new InputPart(
                "words",
                words.MoveToOuterDisposeScope(),
                torch.tensor(new long[] { 2, 0, 3 }).MoveToOuterDisposeScope()
            )
        );
    }
}
