using Plait.Data;
using Plait.Networks;
using Plait.Networks.Encoders;
using Plait.Optimization.Regularization;
using Plait.Optimization.Scheduling;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Training;

namespace Plait.Demonstrations;

/// <summary>Regressions whose answers are sums of a few features of the input; how much features and sums resemble each other is planted.</summary>
/// <remarks>Task t answers tanh(x W_t) v_t, of variance 1, and noise; W_t and v_t lie around a W and a v that all tasks have in common.</remarks>
internal sealed class DrawnTasks : IDisposable
{
    private const int Inputs = 20;
    private const int Features = 5;
    private const int TestRows = 2000;
    private const int Width = 32;
    private const int BatchSize = 32;
    private const double Noise = 0.1; // standard deviation

    /// <summary>Draws the tasks and their rows.</summary>
    /// <param name="rows">Training rows of each task.</param>
    /// <param name="likenessOfFeatures">From 0, independent, to 1, the same.</param>
    /// <param name="likenessOfSums">From 0, independent, to 1, the same.</param>
    /// <param name="seed">Decides all chance.</param>
    public DrawnTasks(IReadOnlyList<int> rows, double likenessOfFeatures, double likenessOfSums, int seed)
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(seed);
        Tasks = new TaskSet(rows.Select((_, task) => LearningTask.Regression($"task-{task}")));
        var (features, sums) = (torch.randn(Inputs, Features), torch.randn(Features));
        var (inputs, targets) = (new Tensor[rows.Count], new TaskTarget[rows.Count]);
        var (testInputs, testTargets) = (new Tensor[rows.Count], new TaskTarget[rows.Count]);
        for (var task = 0; task < rows.Count; task++)
        {
            var x = torch.randn(TestRows + rows[task], Inputs);
            var z = x.mm(Near(features, likenessOfFeatures)).div(Math.Sqrt(Inputs)).mul(2).tanh();
            var answers = z.mv(Near(sums, likenessOfSums));
            var y = answers.sub(answers.mean()).div(answers.std()).add(torch.randn(x.size(0)).mul(Noise));
            (testInputs[task], inputs[task]) = (x.narrow(0, 0, TestRows), x.narrow(0, TestRows, rows[task]));
            testTargets[task] = TaskTarget.Of(y.narrow(0, 0, TestRows));
            targets[task] = TaskTarget.Of(y.narrow(0, TestRows, rows[task]));
        }

        Train = TensorData.PerTask(Tasks, inputs, targets);
        Test = TensorData.PerTask(Tasks, testInputs, testTargets);
    }

    /// <summary>The tasks.</summary>
    public TaskSet Tasks { get; }

    /// <summary>What networks learn from.</summary>
    public TensorData Train { get; }

    /// <summary>What results are about.</summary>
    public TensorData Test { get; }

    /// <summary>A hidden layer, its first weights drawn by the seed.</summary>
    public static Mlp Encoder(int seed)
    {
        torch.manual_seed(seed);
        return new Mlp(Inputs, [Width]);
    }

    /// <summary>Trains a network.</summary>
    /// <returns>For each task, the mean squared error on the test rows; about 1 for who answers the mean.</returns>
    public IReadOnlyList<double> Fit(
        MultiTaskNetwork network,
        TaskSchedule schedule,
        int epochs,
        int seed,
        IReadOnlyList<Regularizer>? regularizers = null
    )
    {
        using var batches = Train.Batches(BatchSize, shuffleSeed: seed);
        var recipe = new Recipe
        {
            Schedule = schedule,
            Regularizers = regularizers ?? [],
            Optimizer = new AdamOptimizer(learningRate: 5e-3),
            Epochs = epochs,
            Seed = seed,
        };
        new Trainer(network, recipe).Fit(batches);
        using var test = Test.Batches(TestRows);
        return Evaluator.Evaluate(network, test).Losses;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Train.Dispose();
        Test.Dispose();
    }

    private static Tensor Near(Tensor common, double likeness) =>
        common.mul(likeness).add(torch.randn_like(common).mul(Math.Sqrt(1 - (likeness * likeness))));
}
