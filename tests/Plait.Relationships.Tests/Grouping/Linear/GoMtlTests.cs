using Plait.Numerics;
using Plait.Relationships.Grouping.Linear;

namespace Plait.Relationships.Tests.Grouping.Linear;

public sealed class GoMtlTests(ITestOutputHelper output)
{
    [Fact]
    public void The_start_is_turned_by_quartimax_and_not_by_varimax()
    {
        // What all tasks have in common, and a little that half of them have more of: the two criteria disagree.
        var random = new Random(4);
        double[][] weights =
        [
            .. Enumerable
                .Range(0, 8)
                .Select(task => new[] { 2 + random.NextDouble(), (task % 2) - (0.3 * random.NextDouble()), 0.0 }),
        ];

        var basis = LatentBasis.Start(weights, components: 2);

        var (quartimax, varimax) = Criteria(basis, weights, angle: 0);
        var turned = Enumerable.Range(1, 359).Select(i => Criteria(basis, weights, i * Math.PI / 360)).ToArray();
        Assert.All(turned, other => Assert.True(other.Quartimax <= quartimax + 1e-9, $"{other} {quartimax}"));
        Assert.Contains(turned, other => other.Varimax > varimax + 0.1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Planted_groups_are_found_and_tasks_of_few_rows_learned_better_than_alone(int seed)
    {
        var planted = new PlantedTasks(seed, LinearLoss.Squared);

        var model = GoMtl.Fit(planted.Training, 3, sparsity: 0.1, ridge: 0.05);

        var (own, alone) = (planted.TestLoss(model.Models), planted.BestRidge(LinearLoss.Squared));
        output.WriteLine($"squared error on new rows: {own:0.000} together, {alone:0.000} alone");
        Assert.True(
            AdjustedRandIndex.Of(planted.Groups, model.Groups) >= 0.8,
            $"groups {string.Join(' ', model.Groups)}"
        );
        Assert.True(own <= 0.5 * alone, $"{own} against {alone} alone");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Planted_groups_of_binary_tasks_are_found_and_learned_better_than_alone(int seed)
    {
        var planted = new PlantedTasks(seed, LinearLoss.Logistic, rows: 40);

        var model = GoMtl.Fit(planted.Training, 3, sparsity: 0.1, ridge: 0.03, LinearLoss.Logistic);

        var (own, alone) = (planted.TestLoss(model.Models), planted.BestRidge(LinearLoss.Logistic));
        output.WriteLine($"log loss on new rows: {own:0.000} together, {alone:0.000} alone");
        Assert.True(
            AdjustedRandIndex.Of(planted.Groups, model.Groups) >= 0.8,
            $"groups {string.Join(' ', model.Groups)}"
        );
        Assert.True(own <= 0.8 * alone, $"{own} against {alone} alone");
    }

    [Theory]
    [InlineData(LinearLoss.Squared)]
    [InlineData(LinearLoss.Logistic)]
    public void The_objective_never_rises_and_the_codes_end_at_their_minimum(LinearLoss loss)
    {
        var planted = new PlantedTasks(4, loss);

        var model = GoMtl.Fit(planted.Training, 4, 0.03, 0.03, loss, tolerance: 1e-9);

        Assert.True(model.Objectives.Count > 2);
        Assert.All(
            model.Objectives.Zip(model.Objectives.Skip(1)),
            pair => Assert.True(pair.Second <= pair.First * (1 + 1e-12))
        );
        var basis = Enumerable.Range(0, 4).SelectMany(k => model.Component(k).ToArray()).ToArray();
        for (var task = 0; task < planted.Training.Length; task++)
        {
            var objective = new LinearObjective(planted.Training[task], loss);
            Assert.Equal(0, SparseCode.Residual(objective, basis, 0.03, model.Code(task)), 1e-7);
        }

        Assert.Contains(Enumerable.Range(0, 24), task => model.Code(task).Contains(0));
    }

    [Fact]
    public void The_basis_of_a_squared_loss_is_solved_in_closed_form()
    {
        var planted = new PlantedTasks(5, LinearLoss.Squared);
        var random = new Random(5);
        var objectives = Array.ConvertAll(planted.Training, task => new LinearObjective(task, LinearLoss.Squared));
        var codes = Array.ConvertAll(objectives, _ => new[] { random.NextDouble(), 0, random.NextDouble() - 1 });
        var basis = new double[60];

        LatentBasis.Minimize(objectives, codes, basis, 0.1);

        var gradient = new double[60];
        LatentBasis.Derivatives(objectives, codes, basis, 0.1, gradient, new double[3600]);
        Assert.All(gradient, slope => Assert.Equal(0, slope, 1e-9));
        Assert.All(basis[20..40], weight => Assert.Equal(0, weight, 1e-12)); // no task has a part in the second
    }

    [Theory]
    [InlineData(LinearLoss.Squared)]
    [InlineData(LinearLoss.Logistic)]
    public void Derivatives_by_codes_and_basis_are_those_of_differences(LinearLoss loss)
    {
        const double Step = 1e-5;
        var planted = new PlantedTasks(6, loss, groups: 2, tasksEach: 2, features: 3, rows: 9);
        var objectives = Array.ConvertAll(planted.Training, task => new LinearObjective(task, loss));
        var random = new Random(6);
        double[] basis = [.. Enumerable.Range(0, 6).Select(_ => random.NextDouble() - 0.5)];
        var codes = Array.ConvertAll(objectives, _ => new[] { random.NextDouble(), random.NextDouble() });
        var (gradient, hessian) = (new double[6], new double[36]);
        LatentBasis.Derivatives(objectives, codes, basis, 0.2, gradient, hessian);
        for (var i = 0; i < 6; i++)
        {
            double[] above = [.. basis.Select((b, j) => j == i ? b + Step : b)];
            double[] below = [.. basis.Select((b, j) => j == i ? b - Step : b)];
            var rise =
                LatentBasis.Value(objectives, codes, above, 0.2) - LatentBasis.Value(objectives, codes, below, 0.2);
            Assert.Equal(rise / (2 * Step), gradient[i], 1e-7);
            var (up, down) = (new double[6], new double[6]);
            LatentBasis.Derivatives(objectives, codes, above, 0.2, up, new double[36]);
            LatentBasis.Derivatives(objectives, codes, below, 0.2, down, new double[36]);
            for (var j = 0; j < 6; j++)
            {
                Assert.Equal((up[j] - down[j]) / (2 * Step), hessian[(i * 6) + j], 1e-6);
            }
        }

        var (slope, bend) = (new double[2], new double[4]);
        SparseCode.Derivatives(objectives[0], basis, codes[0], slope, bend);
        for (var k = 0; k < 2; k++)
        {
            double[] above = [.. codes[0].Select((s, j) => j == k ? s + Step : s)];
            double[] below = [.. codes[0].Select((s, j) => j == k ? s - Step : s)];
            var rise =
                objectives[0].Value(LatentBasis.Combine(basis, above))
                - objectives[0].Value(LatentBasis.Combine(basis, below));
            Assert.Equal(rise / (2 * Step), slope[k], 1e-7);
        }
    }

    [Fact]
    public void A_basis_is_found_for_a_single_task()
    {
        var objective = new LinearObjective(new PlantedTasks(5, LinearLoss.Squared).Training[0], LinearLoss.Squared);
        var basis = new double[20];

        LatentBasis.Minimize(
            [objective],
            [
                [2],
            ],
            basis,
            0.1
        );

        var gradient = new double[20];
        LatentBasis.Derivatives(
            [objective],
            [
                [2],
            ],
            basis,
            0.1,
            gradient,
            new double[400]
        );
        Assert.All(gradient, slope => Assert.Equal(0, slope, 1e-9));
        Assert.Contains(basis, weight => Math.Abs(weight) > 0.01);
    }

    [Fact]
    public void A_huge_sparsity_leaves_no_weight_and_no_group()
    {
        var model = GoMtl.Fit(new PlantedTasks(1, LinearLoss.Squared).Training, 2, sparsity: 1e4);

        Assert.All(model.Groups, group => Assert.Equal(-1, group));
        Assert.All(model.OverlappingGroups, group => Assert.Empty(group.Tasks));
        Assert.Equal(0, model.Models.Predict(0, new double[20]));
    }

    [Fact]
    public void Similarity_is_the_cosine_of_codes_and_weights_are_their_combination()
    {
        var planted = new PlantedTasks(3, LinearLoss.Squared);
        var model = GoMtl.Fit(planted.Training, 3, 0.1);
        var similarity = model.Similarity();

        Assert.True(Math.Abs(similarity[0, 3]) > 0.9); // one group
        Assert.True(Math.Abs(similarity[0, 1]) < 0.5); // two groups
        var combined = LatentBasis.Combine(
            [.. Enumerable.Range(0, 3).SelectMany(k => model.Component(k).ToArray())],
            model.Code(5)
        );
        Assert.Equal(combined, model.Models.Weights(5).ToArray());
        Assert.Equal(
            Vectors.Dot(combined, planted.Test[5].Row(0)),
            model.Models.Predict(5, planted.Test[5].Row(0)),
            1e-12
        );
    }

    [Fact]
    public void What_does_not_fit_is_refused_with_a_reason()
    {
        LinearTaskData[] tasks = [new("a", [1, 2, 3, 4], [1, 0]), new("b", [1, 2, 3], [0.5])];
        Assert.Contains("3 features", Assert.Throws<ArgumentException>(() => GoMtl.Fit(tasks, 1)).Message);
        Assert.Contains(
            "0.5",
            Assert.Throws<ArgumentException>(() => GoMtl.Fit([tasks[1]], 1, loss: LinearLoss.Logistic)).Message
        );
        LinearTaskData[] both = [tasks[0], new("b", [1, 2, 3, 4], [0.5, 1])];
        Assert.Contains("two tasks", Assert.Throws<ArgumentException>(() => GoMtl.Fit([tasks[0]], 1)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => GoMtl.Fit(both, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => GoMtl.Fit(both, 1, sparsity: 0));
        Assert.Contains(
            "row 2",
            Assert.Throws<ArgumentException>(() => new LinearTaskData("c", [1, double.NaN], [1, 2])).Message
        );
        Assert.Throws<ArgumentException>(() => new LinearTaskData("c", [1, 2, 3], [1, 2]));
    }

    /// <summary>Both criteria of two columns turned by an angle: fourth powers of the tasks' parts, without and with the mean square taken off.</summary>
    private static (double Quartimax, double Varimax) Criteria(double[] basis, double[][] weights, double angle)
    {
        var (features, count) = (basis.Length / 2, weights.Length);
        var (quartimax, varimax) = (0.0, 0.0);
        foreach (
            var (first, second) in new[] { (Math.Cos(angle), Math.Sin(angle)), (-Math.Sin(angle), Math.Cos(angle)) }
        )
        {
            var squares = weights
                .Select(task => task.Select((w, i) => w * ((first * basis[i]) + (second * basis[features + i]))).Sum())
                .Select(part => part * part)
                .ToArray();
            quartimax += squares.Sum(x => x * x);
            varimax += squares.Sum(x => x * x) - (squares.Sum() * squares.Sum() / count);
        }

        return (quartimax, varimax);
    }
}
