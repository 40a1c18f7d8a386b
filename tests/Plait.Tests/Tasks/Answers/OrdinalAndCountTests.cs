using Plait.Data;
using Plait.Networks.Encoders;
using Plait.Networks.SharedTrunk;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Tasks.Metrics;
using Plait.Torch;
using Plait.Training;

namespace Plait.Tests.Tasks.Answers;

public sealed class OrdinalAndCountTests
{
    [Fact]
    public void Levels_have_the_probabilities_of_continuation_ratios_and_the_median_is_decided()
    {
        using var scope = torch.NewDisposeScope();
        // P(y > 0) = 0.8, P(y > 1 | y > 0) = 0.75, P(y > 2 | y > 1) = 0.5: beyond 0, 1, 2 lie 0.8, 0.6 and 0.3.
        var output = torch.tensor(new[] { 0.8, 0.75, 0.5 }).logit().unsqueeze(0);
        var answer = new Ordinal(4);

        double[] expected = [0.2, 0.2, 0.3, 0.3];
        Assert.All(
            expected.Zip(Numbers.Read(answer.Probabilities(output)!)),
            pair => Assert.Equal(pair.First, pair.Second, 1e-12)
        );
        Assert.Equal(2, answer.Decide(output).item<long>());
        Assert.Equal(0, answer.Decide(output.sub(10)).item<long>());
        Assert.Equal(3, answer.Decide(output.add(10)).item<long>());
        var loss = answer.DefaultLoss().Compute(output, TaskTarget.Of(torch.tensor(new long[] { 3 })));
        Assert.Equal(-Math.Log(0.3), loss.ToDouble(), 1e-12);
    }

    [Fact]
    public void Right_levels_are_all_counted_right()
    {
        using var scope = torch.NewDisposeScope();
        var levels = torch.tensor(new long[] { 0, 1, 2, 3, 3, 0 });
        var output = levels.unsqueeze(1).gt(torch.arange(3)).to(ScalarType.Float32).mul(40).sub(20);

        foreach (var metric in new Ordinal(4).DefaultMetrics.Append(new BalancedAccuracy()).Append(new LogLoss()))
        {
            var gathered = metric.Start(new Ordinal(4));
            gathered.Add(output, TaskTarget.Of(levels));
            Assert.Equal(metric.HigherIsBetter ? 1 : 0, gathered.Compute(), 1e-6);
        }
    }

    [Fact]
    public void Quadratic_kappa_has_its_textbook_value()
    {
        using var scope = torch.NewDisposeScope();
        // Decisions 0 1 2 2 against targets 0 2 2 1: the errors are 0 1 0 1.
        var decided = torch.tensor(new long[] { 0, 1, 2, 2 });
        var output = decided.unsqueeze(1).gt(torch.arange(2)).to(ScalarType.Float32).mul(40).sub(20);
        var gathered = new QuadraticKappa().Start(new Ordinal(3));

        gathered.Add(output, TaskTarget.Of(torch.tensor(new long[] { 0, 2, 2, 1 })));

        // Σ (i - j)² over all 16 pairs of {0 1 2 2} and {0 1 2 2}, over 4: 4 (9/4 + 9/4) - 2 * 25/4 = 5.5.
        Assert.Equal(1 - (2 / 5.5), gathered.Compute(), 1e-12);
    }

    [Fact]
    public void Counts_are_means_whose_deviance_is_that_of_the_formula_and_huge_outputs_stay_finite()
    {
        using var scope = torch.NewDisposeScope();
        var answer = new Count();
        var output = torch.tensor(new[] { Math.Log(2), Math.Log(3) }).view(2, 1);
        var target = TaskTarget.Of(torch.tensor(new[] { 0.0, 4 }));
        var deviance = (2 * 2) + (2 * ((4 * Math.Log(4.0 / 3)) - 4 + 3));

        var gathered = new PoissonDeviance().Start(answer);
        gathered.Add(output, target);

        Assert.Equal(deviance / 2, gathered.Compute(), 1e-12);
        Assert.Equal(deviance / 4, answer.DefaultLoss().Compute(output, target).ToDouble(), 1e-12);
        var huge = torch.tensor(new[] { 300f, -300f }).view(2, 1).requires_grad_();
        var loss = answer.DefaultLoss().Compute(huge, TaskTarget.Of(torch.tensor(new[] { 1f, 0 })));
        loss.backward();
        Assert.True(double.IsFinite(loss.ToDouble()));
        Assert.All(Numbers.Read(huge.grad!), number => Assert.True(double.IsFinite(number)));
        Assert.True(huge.grad![0].ToDouble() > 0);
    }

    [Theory]
    [InlineData(1e3)]
    [InlineData(1e6)]
    [InlineData(1e9)]
    public void The_loss_of_large_counts_is_right_in_single_precision_near_the_best_mean(double count)
    {
        using var scope = torch.NewDisposeScope();
        var target = torch.full([200, 1], count, ScalarType.Float32);
        var output = torch
            .linspace(-0.01, 0.01, 200, ScalarType.Float64)
            .view(200, 1)
            .add(Math.Log(count))
            .to(ScalarType.Float32)
            .requires_grad_();

        var loss = new Count().DefaultLoss();
        loss.Compute(output, TaskTarget.Of(target)).mul(200).backward();

        var slopes = Numbers.Read(output.grad!);
        var outputs = Numbers.Read(output.detach());
        for (var row = 0; row < outputs.Length; row++)
        {
            var (mean, one) = (Math.Exp(outputs[row]), output.detach().narrow(0, row, 1));
            var exact = mean - count - (count * (outputs[row] - Math.Log(count)));
            var cost = loss.Compute(one, TaskTarget.Of(target.narrow(0, row, 1))).ToDouble();
            Assert.Equal(exact, cost, 3e-8 * count);
            Assert.True(cost >= 0, $"{cost}");
            Assert.Equal(mean - count, slopes[row], 3e-6 * count);
        }
    }

    [Fact]
    public void The_loss_is_never_below_0_so_that_weightings_may_take_its_logarithm()
    {
        using var scope = torch.NewDisposeScope();
        var counts = torch.arange(0, 2000, ScalarType.Float32).view(-1, 1);
        var loss = new Count().DefaultLoss();
        for (var digits = -6; digits <= 6; digits++)
        {
            var near = counts.clamp_min(1e-3).log().mul(1 + (digits * 6e-8)).split(1);
            var costs = near.Zip(
                counts.split(1),
                (output, count) => loss.Compute(output, TaskTarget.Of(count)).ToDouble()
            );
            Assert.All(costs, cost => Assert.True(cost >= 0));
        }
    }

    [Fact]
    public void Beyond_the_largest_logarithm_the_loss_goes_on_by_its_tangent()
    {
        using var scope = torch.NewDisposeScope();
        var loss = new Count().DefaultLoss();
        var target = TaskTarget.Of(torch.tensor(new[] { 1e13 }));

        double Cost(double output) => loss.Compute(torch.tensor(new[] { output }).view(1, 1), target).ToDouble();

        Assert.Equal(Math.Exp(30) - 1e13, Cost(31) - Cost(30), 1);
        Assert.Equal(Math.Exp(30) - 1e13, Cost(90) - Cost(89), 1);
        Assert.Equal((Cost(30) - Cost(30 - 1e-4)) / 1e-4, Cost(31) - Cost(30), 1e9);
    }

    [Theory]
    [InlineData(2e13, "2E+13 in row 1")]
    [InlineData(-1.0, "-1 in row 1")]
    [InlineData(1.5, "1.5 in row 1")]
    public void Numbers_that_are_no_counts_are_refused(double number, string expected)
    {
        using var scope = torch.NewDisposeScope();
        var target = TaskTarget.Of(torch.tensor(new[] { 3.0, number }));

        Assert.Contains(expected, LearningTask.Count("visits").Loss.FaultOf(target, new(1)), StringComparison.Ordinal);
        Assert.Contains(
            "is 4 in row 0, where the 4 levels are 0 to 3",
            LearningTask.Ordinal("stars", 4).Loss.FaultOf(TaskTarget.Of(torch.tensor(new long[] { 4 })), new(3)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Both_learn_a_table_far_better_than_a_guess()
    {
        using var scope = torch.NewDisposeScope();
        var tasks = new TaskSet(LearningTask.Ordinal("stars", 5), LearningTask.Count("visits"));
        using var training = Table(tasks, 600, seed: 1);
        using var held = Table(tasks, 400, seed: 2);
        torch.manual_seed(3);
        var network = new HardSharing(tasks, new Mlp(3, [16]));
        using var optimizer = torch.optim.Adam(network.parameters(), 0.03);
        for (var step = 0; step < 250; step++)
        {
            using var inner = torch.NewDisposeScope();
            optimizer.zero_grad();
            Losses(training)[0].add(Losses(training)[1]).backward();
            optimizer.step();
        }

        network.eval();
        using var batches = held.Batches(200);
        var metrics = Evaluator.Evaluate(network, batches).Metrics;
        var guesses = Guesses(tasks, training, held);

        Assert.True(metrics["stars", "accuracy"] > 0.7, metrics.ToString());
        Assert.True(metrics["stars", "quadratic kappa"] > 0.85, metrics.ToString());
        Assert.True(metrics["stars", "mae"] < 0.35 * guesses["stars", "mae"], $"{metrics} and {guesses}");
        Assert.True(
            metrics["visits", "poisson deviance"] < 0.4 * guesses["visits", "poisson deviance"],
            $"{metrics} and {guesses}"
        );

        Tensor[] Losses(TensorData data)
        {
            var outputs = network.Forward(MultiTaskBatch.Unlabelled(tasks.All, data.Input), tasks.All);
            return [.. tasks.Select((task, place) => task.Loss.Compute(outputs[place], data.TargetOf(place)))];
        }
    }

    private static TaskMetrics Guesses(TaskSet tasks, TensorData training, TensorData held)
    {
        var accumulator = new TaskMetricsAccumulator(tasks);
        for (var task = 0; task < tasks.Count; task++)
        {
            var guess = tasks[task].Answer.Guess(training.TargetOf(task));
            accumulator.Add(task, guess.expand(held.Rows, guess.size(1)), held.TargetOf(task));
        }

        return accumulator.Compute();
    }

    /// <summary>Five levels of a noisy sum, and draws from a Poisson distribution whose mean is exp(1 + x_0 - x_1 / 2).</summary>
    private static TensorData Table(TaskSet tasks, int rows, long seed)
    {
        using var generator = new torch.Generator((ulong)seed, torch.CPU);
        var input = torch.randn([rows, 3], generator: generator);
        var hidden = input.sum(1L).add(torch.randn([rows], generator: generator), alpha: 0.1);
        var levels = hidden.unsqueeze(1).gt(torch.tensor(new[] { -2f, -0.7f, 0.7f, 2 })).sum(1L);
        var mean = input.select(1, 0).sub(input.select(1, 1).mul(0.5)).add(1).exp();
        return TensorData.Shared(tasks, input, [TaskTarget.Of(levels), TaskTarget.Of(torch.poisson(mean, generator))]);
    }

    [Fact]
    public void A_usual_mean_moves_the_outputs_of_a_count_and_nothing_else()
    {
        using var scope = torch.NewDisposeScope();
        var (plain, moved) = (new Count(), new Count(mean: 40));
        var target = TaskTarget.Of(torch.tensor(new[] { 0f, 3, 41, 90 }).view(4, 1));
        var output = torch.tensor(new[] { 3f, 1, 3.7f, 33 }).view(4, 1);
        var same = output.sub(Math.Log(40));

        Assert.Equal(40, moved.Decide(torch.zeros(1)).item<float>(), 1e-4f);
        Assert.Equal(1, plain.Decide(output).div(moved.Decide(same)).min().item<float>(), 1e-4f);
        var losses = new[] { (plain, output), (moved, same) }.Select(one =>
            one.Item1.DefaultLoss().Compute(one.Item2, target).item<float>()
        );
        Assert.Equal(1, losses.First() / losses.Last(), 1e-4f);
        Assert.Equal(plain.Guess(target).item<float>() - Math.Log(40), moved.Guess(target).item<float>(), 1e-5);
        var likelihoods = new[] { (plain, output), (moved, same) }.Select(one =>
            one.Item1.LikelihoodOf(one.Item2, target).Cost(one.Item2, target.Values).sum().item<float>()
        );
        Assert.Equal(1, likelihoods.First() / likelihoods.Last(), 1e-4f);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Count(mean: 0));
    }
}
