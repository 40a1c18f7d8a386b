using Plait.Data;
using Plait.Networks;
using Plait.Optimization;
using Plait.Optimization.GradientModulation;
using Plait.Optimization.MultiObjective;
using Plait.Tasks;
using Plait.Tests.Numerics;
using Plait.Torch;

namespace Plait.Tests.Optimization;

[Collection("torch")]
public sealed class TaskGradientsTests
{
    private bool cuts; // whether the passes of this test are cut

    public static readonly TheoryData<string, bool, int[]> Cases = new MatrixTheoryData<string, bool, int[]>(
        ["hard sharing", "hard sharing, cut", "uneven"],
        [true, false],
        [
            [0, 1, 2],
            [0, 2],
            [1],
        ]
    );

    [Theory]
    [MemberData(nameof(Cases))]
    public void Rows_equal_one_ordinary_backward_pass_a_task(string make, bool sharesInput, int[] tasks)
    {
        using var scope = torch.NewDisposeScope();
        var (network, batch) = Start(make, sharesInput, tasks);
        var expected = SmallNetworks.OwnGradients(network, batch, _ => network.SharedParameters);

        using var gradients = Forward(network, batch);

        AssertClose(expected.SelectMany(row => row), Numbers.Read(gradients.Rows));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gramian_holds_the_inner_products_of_the_rows(string make, bool sharesInput, int[] tasks)
    {
        using var scope = torch.NewDisposeScope();
        var (network, batch) = Start(make, sharesInput, tasks);
        var rows = SmallNetworks.OwnGradients(network, batch, _ => network.SharedParameters);

        using var gradients = Forward(network, batch);
        var gramian = gradients.Gramian();

        AssertClose(Gramians.Of(rows), gramian.Values.ToArray());
        Assert.Equal(tasks, gramian.Tasks.ToArray());
        Assert.Equal(gradients.Losses.Numbers.ToArray(), gramian.Losses.ToArray());
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_combination_is_the_same_with_rows_and_without(string make, bool sharesInput, int[] tasks)
    {
        using var scope = torch.NewDisposeScope();
        var (network, batch) = Start(make, sharesInput, tasks);
        var rows = SmallNetworks.OwnGradients(network, batch, _ => network.SharedParameters);
        double[] factors = [.. tasks.Select(task => 0.7 - task)];
        var expected = Gramians.Combine(rows, factors);

        using var without = Forward(network, batch);
        AssertClose(expected, Numbers.Read(without.Combine(factors)));

        using var with = Forward(network, batch);
        _ = with.Rows;
        AssertClose(expected, Numbers.Read(with.Combine(factors)));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_plain_sum_is_the_ordinary_backward_pass_of_the_summed_loss(string make, bool sharesInput, int[] tasks)
    {
        using var scope = torch.NewDisposeScope();
        var (network, batch) = Start(make, sharesInput, tasks);
        var expected = SmallNetworks.OwnGradients(network, batch, _ => network.parameters());

        Forward(network, batch).Apply(new Sum());

        var found = network
            .parameters()
            .Where(parameter => parameter.requires_grad)
            .SelectMany(parameter => Numbers.Read(parameter.grad!));
        AssertClose(Gramians.Combine(expected, tasks.Select(_ => 1.0).ToArray()), found);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Private_parameters_receive_weight_times_their_own_gradient(string make, bool sharesInput, int[] tasks)
    {
        using var scope = torch.NewDisposeScope();
        var (network, batch) = Start(make, sharesInput, tasks);
        var expected = SmallNetworks.OwnGradients(network, batch, network.ParametersOf);
        GradientAggregator[] aggregators =
            cuts && sharesInput
                ? [new Sum(), new PCGrad(), new Mgda(), new Mgda(GradientLocation.Representation), new Halves()]
                : [new Sum(), new PCGrad(), new Mgda(), new Halves()];
        foreach (var aggregator in aggregators)
        {
            Forward(network, batch, losses => losses.Values.mul(3)).Apply(aggregator);

            for (var i = 0; i < tasks.Length; i++)
            {
                AssertClose(
                    expected[i].Select(value => 3 * value),
                    network.ParametersOf(tasks[i]).SelectMany(parameter => Numbers.Read(parameter.grad!))
                );
            }
        }
    }

    [Fact]
    public void Rows_equal_finite_differences()
    {
        using var scope = torch.NewDisposeScope();
        const double Distance = 1e-6;
        var (network, batch) = Start("uneven", sharesInput: true, [0, 1, 2]);
        using var gradients = Forward(network, batch);
        var rows = Numbers.Read(gradients.Rows);
        var storage = network.Storage;
        using var noGrad = torch.no_grad();
        for (var place = 0; place < storage.SharedLength; place += 3)
        {
            var slopes = LossesAt(place, Distance)
                .Zip(LossesAt(place, -Distance), (up, down) => (up - down) / (2 * Distance));
            AssertClose(
                slopes,
                Enumerable.Range(0, 3).Select(task => rows[(task * storage.SharedLength) + place]),
                1e-7
            );
        }

        double[] LossesAt(long place, double shift)
        {
            using var number = storage.Values.narrow(0, place, 1);
            number.add_(shift);
            var numbers = SmallNetworks.Losses(network.Forward(batch, batch.Tasks), batch).Numbers.ToArray();
            number.sub_(shift);
            return numbers;
        }
    }

    [Fact]
    public void A_task_has_no_gradient_by_what_it_does_not_touch()
    {
        using var scope = torch.NewDisposeScope();
        var (network, batch) = Start("uneven", sharesInput: true, [0, 1, 2]);

        using var gradients = Forward(network, batch);

        const int OfTwo = (4 * 4) + 4; // the layer that the second task goes round comes last
        var length = gradients.Rows.shape[1];
        Assert.Equal(new double[OfTwo], Numbers.Read(gradients.Rows[1, (int)(length - OfTwo)..]));
        Assert.DoesNotContain(0, Numbers.Read(gradients.Rows[0, (int)(length - OfTwo)..]));
    }

    [Theory]
    [InlineData("hard sharing")]
    [InlineData("hard sharing, cut")]
    public void An_objective_that_is_no_weighted_sum_weighs_by_its_derivative(string make)
    {
        using var scope = torch.NewDisposeScope();
        var (network, batch) = Start(make, sharesInput: true, [0, 1, 2]);
        var rows = SmallNetworks.OwnGradients(network, batch, _ => network.SharedParameters);

        using var gradients = Forward(network, batch, losses => losses.Values.log().sum());
        double[] weights = [.. gradients.Losses.Numbers.ToArray().Select(loss => 1 / loss)];

        AssertClose(weights, gradients.Weights.ToArray());
        AssertClose(Gramians.Combine(rows, weights), Numbers.Read(gradients.Combine([1, 1, 1])));
    }

    [Fact]
    public void Gramian_at_the_representation_is_that_of_the_gradients_by_it()
    {
        using var scope = torch.NewDisposeScope();
        var (network, batch) = Start("hard sharing, cut", sharesInput: true, [0, 1, 2]);
        using var gradients = Forward(network, batch);
        var atRepresentation = gradients.Gramian(GradientLocation.Representation).Values.ToArray();

        // The rows by the parameters are still to be had, and the two differ.
        var atParameters = gradients.Gramian().Values.ToArray();

        Assert.All(Enumerable.Range(0, 3), i => Assert.True(atRepresentation[i * 4] > 0));
        Assert.NotEqual(atParameters[1], atRepresentation[1]);
    }

    [Fact]
    public void The_representation_of_an_uncut_network_is_an_error_that_says_so()
    {
        using var scope = torch.NewDisposeScope();
        var (network, batch) = Start("uneven", sharesInput: true, [0, 1, 2]);

        var fault = Assert.Throws<InvalidOperationException>(() =>
            Forward(network, batch).Apply(new Mgda(GradientLocation.Representation))
        );

        Assert.Contains("at the parameters instead", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hard sharing")]
    [InlineData("hard sharing, cut")]
    public void A_second_combination_is_an_error_and_no_crash(string make)
    {
        using var scope = torch.NewDisposeScope();
        var (network, batch) = Start(make, sharesInput: true, [0, 1, 2]);
        using var gradients = Forward(network, batch);
        gradients.Combine([1, 2, 3]);

        Assert.Throws<InvalidOperationException>(() => gradients.Combine([1, 1, 1]));
        Assert.Throws<InvalidOperationException>(() => gradients.Rows);
    }

    [Fact]
    public void A_graph_that_is_used_up_is_an_exception_and_no_crash()
    {
        using var scope = torch.NewDisposeScope();
        var (network, batch) = Start("hard sharing", sharesInput: true, [0, 1, 2]);
        var losses = SmallNetworks.Losses(network.Forward(batch, batch.Tasks), batch);
        TaskGradients.Of(losses, network).Apply(new Sum());

        Assert.ThrowsAny<Exception>(() => TaskGradients.Of(losses, network).Apply(new Sum()));
    }

    [Fact]
    public void A_loss_that_hangs_on_no_parameter_counts_as_zero()
    {
        using var scope = torch.NewDisposeScope();
        var (network, batch) = Start("hard sharing", sharesInput: true, [0, 1, 2]);
        var tied = SmallNetworks.Losses(network.Forward(batch, batch.Tasks), batch);
        var losses = new TaskLosses(batch.Tasks, tied.Scalars[0], torch.tensor(2.0), tied.Scalars[2]);

        using var gradients = TaskGradients.Of(losses, network);
        var gramian = gradients.Gramian();

        Assert.Equal(0, gramian[1, 1]);
        Assert.True(gramian[0, 0] > 0);
    }

    [Fact]
    public void A_gradient_that_is_no_number_names_its_task()
    {
        using var scope = torch.NewDisposeScope();
        var (network, batch) = Start("hard sharing", sharesInput: true, [0, 1, 2]);
        var sound = SmallNetworks.Losses(network.Forward(batch, batch.Tasks), batch);
        var losses = new TaskLosses(batch.Tasks, sound.Scalars[0], sound.Scalars[1].mul(double.NaN), sound.Scalars[2]);

        var fault = Assert.Throws<NonFiniteException>(() => TaskGradients.Of(losses, network).Apply(new PCGrad()));

        Assert.Equal(("kind", "gradient"), (fault.Task, fault.What));
    }

    [Fact]
    public void A_weight_that_is_no_number_names_its_task()
    {
        using var scope = torch.NewDisposeScope();
        var (network, batch) = Start("hard sharing", sharesInput: true, [0, 1, 2]);
        var factors = torch.tensor(new[] { 1, 1, double.PositiveInfinity });

        var fault = Assert.Throws<NonFiniteException>(() =>
            Forward(network, batch, losses => losses.Values.mul(factors))
        );

        Assert.Equal(("sold", "weight"), (fault.Task, fault.What));
    }

    [Fact]
    public void An_objective_of_something_else_is_refused()
    {
        using var scope = torch.NewDisposeScope();
        var (network, batch) = Start("hard sharing", sharesInput: true, [0, 1, 2]);

        Assert.Throws<ArgumentException>(() => Forward(network, batch, _ => torch.ones(3)));
    }

    private (MultiTaskNetwork Network, MultiTaskBatch Batch) Start(string make, bool sharesInput, int[] tasks)
    {
        torch.manual_seed(5);
        cuts = SmallNetworks.IsCut(make);
        return (SmallNetworks.Make(make), SmallNetworks.Batch(SmallNetworks.Tasks.Select(tasks), sharesInput));
    }

    private TaskGradients Forward(
        MultiTaskNetwork network,
        MultiTaskBatch batch,
        Func<TaskLosses, Tensor>? weigh = null
    )
    {
        var outputs = network.Forward(batch, batch.Tasks, cuts);
        var losses = SmallNetworks.Losses(outputs, batch);
        return TaskGradients.Of(losses, network, outputs, weigh?.Invoke(losses));
    }

    private static void AssertClose(IEnumerable<double> expected, IEnumerable<double> found, double tolerance = 1e-12)
    {
        var (left, right) = (expected.ToArray(), found.ToArray());
        Assert.Equal(left.Length, right.Length);
        Assert.All(
            left.Zip(right),
            pair => Assert.InRange(pair.Second, pair.First - tolerance, pair.First + tolerance)
        );
    }

    /// <summary>A combination with factors other than one and without rows.</summary>
    private sealed class Halves : GradientAggregator
    {
        public override Tensor Aggregate(TaskGradients gradients, StepContext step) =>
            gradients.Combine([.. Enumerable.Repeat(0.5, gradients.Count)]);
    }
}
