using Plait.Optimization.LossWeighting;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Torch;

namespace Plait.Tests.Optimization.LossWeighting;

public sealed class UncertaintyTests
{
    private static readonly TaskSet Tasks = new(
        LearningTask.Regression("price"),
        LearningTask.Classification("kind", classes: 3),
        LearningTask.Binary("sold")
    );

    [Fact]
    public void At_the_start_a_regression_weighs_a_half_and_a_classification_one()
    {
        using var scope = torch.NewDisposeScope();

        Assert.Equal([0.5, 1, 1], Derivative(Begun(), Losses(Tasks.All, 3, 2, 1)));
    }

    [Fact]
    public void Learnt_log_variances_tend_to_the_log_loss_or_that_of_twice_the_loss()
    {
        using var scope = torch.NewDisposeScope();
        var weighting = Begun();
        var descent = torch.optim.SGD(weighting.Parameters, learningRate: 0.5);
        for (var step = 0; step < 300; step++)
        {
            using var inner = torch.NewDisposeScope();
            descent.zero_grad();
            weighting.Weigh(Losses(Tasks.All, 0.3, 2, 5), StepContexts.At()).sum().backward();
            descent.step();
        }

        double[] expected = [Math.Log(0.3), Math.Log(2 * 2), Math.Log(2 * 5)];
        Assert.All(weighting.Learned().Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 4));
    }

    [Fact]
    public void Gradient_by_the_log_variances_equals_finite_differences()
    {
        using var scope = torch.NewDisposeScope();
        const double Distance = 1e-2;
        var weighting = Begun(0.4);
        weighting.Weigh(Losses(Tasks.All, 0.3, 2, 5), StepContexts.At()).sum().backward();

        var gradient = weighting.Slopes();
        for (var task = 0; task < Tasks.Count; task++)
        {
            var slope = (Objective(task, Distance) - Objective(task, -Distance)) / (2 * Distance);
            Assert.Equal(slope, gradient[task], 3);
        }

        double Objective(int task, double shift)
        {
            var moved = Begun(0.4);
            using var noGrad = torch.no_grad();
            moved.Parameters[task].fill_((float)(0.4 + shift));
            return moved.Weigh(Losses(Tasks.All, 0.3, 2, 5), StepContexts.At()).sum().item<float>();
        }
    }

    [Fact]
    public void Tasks_that_have_no_loss_are_given_no_gradient()
    {
        using var scope = torch.NewDisposeScope();
        var weighting = Begun();

        var objective = weighting.Weigh(Losses(Tasks.Select(0, 2), 3, 1), StepContexts.At());
        objective.sum().backward();

        Assert.Equal([1.5, 1], Numbers.Read(objective));
        Assert.Equal([-1, double.NaN, -0.5], weighting.Slopes());
    }

    [Fact]
    public void Saved_state_goes_on_as_the_unbroken_run()
    {
        using var scope = torch.NewDisposeScope();
        var weighting = Begun();
        Descend(weighting);
        var state = new StateDictionary();
        weighting.Save(state.Part("weighting"));

        var resumed = Begun(2);
        resumed.Load(state.Part("weighting"));
        Descend(weighting);
        Descend(resumed);

        Assert.Equal(weighting.Learned(), resumed.Learned());
        Assert.NotEqual(0, resumed.Learned()[0]);

        static void Descend(Uncertainty weighting)
        {
            var descent = torch.optim.SGD(weighting.Parameters, learningRate: 0.5);
            descent.zero_grad();
            weighting.Weigh(Losses(Tasks.All, 0.3, 2, 5), StepContexts.At()).sum().backward();
            descent.step();
        }
    }

    [Fact]
    public void Log_variances_outlive_the_scope_they_were_made_in()
    {
        Uncertainty weighting;
        using (torch.NewDisposeScope())
        {
            weighting = Begun();
        }

        Assert.Equal([0, 0, 0], weighting.Learned());
    }

    [Fact]
    public void Weighing_before_the_run_began_is_an_error()
    {
        using var scope = torch.NewDisposeScope();

        Assert.Throws<InvalidOperationException>(() =>
            new Uncertainty().Weigh(Losses(Tasks.All, 1, 1, 1), StepContexts.At())
        );
    }

    private static Uncertainty Begun(double logVariance = 0)
    {
        var weighting = new Uncertainty(logVariance);
        weighting.Begin(Tasks, torch.CPU);
        return weighting;
    }

    internal static TaskLosses Losses(TaskSelection tasks, params double[] values) =>
        new(tasks, values.Select(value => torch.tensor((float)value)));

    private static double[] Derivative(Plait.Optimization.LossWeighting.LossWeighting weighting, TaskLosses losses)
    {
        weighting.Weigh(losses, StepContexts.At()).sum().backward();
        return Numbers.Read(losses.Values.grad!);
    }
}
