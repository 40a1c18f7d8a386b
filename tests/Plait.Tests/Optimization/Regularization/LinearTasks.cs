using Plait.Data;
using Plait.Networks.Encoders;
using Plait.Networks.SingleTasking;
using Plait.Optimization.Regularization;
using Plait.Tasks;
using Plait.Torch;
using Plait.Training;

namespace Plait.Tests.Optimization.Regularization;

/// <summary>Regressions on linear functions that are known, each task with rows of its own, and a linear predictor for each.</summary>
internal static class LinearTasks
{
    /// <summary>The predictors' weights after training, [tasks, inputs].</summary>
    /// <param name="truth">The functions, [tasks, inputs].</param>
    /// <param name="rows">Rows of each task.</param>
    /// <param name="noise">The deviation of what is added to the targets.</param>
    /// <param name="regularizer">The penalty; null for none.</param>
    public static Tensor Learn(Tensor truth, int rows, double noise, Regularizer? regularizer)
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(11, torch.CPU);
        var tasks = StepContexts.Regressions((int)truth.size(0));
        var inputs = tasks.Select(_ => torch.randn([rows, truth.size(1)], generator: generator)).ToArray();
        using var data = TensorData.PerTask(
            tasks,
            inputs,
            [
                .. inputs.Select(
                    (input, task) =>
                        TaskTarget.Of(
                            input.mv(truth.select(0, task)) + (noise * torch.randn([rows], generator: generator))
                        )
                ),
            ]
        );
        using var source = data.Batches(rows);
        torch.manual_seed(2);
        using var network = new SingleTask(tasks, new Mlp((int)truth.size(1), []));
        var recipe = new Recipe
        {
            Epochs = 400,
            Optimizer = new AdamOptimizer(0.02),
            LearningRateSchedule = LearningRateSchedule.Cosine(400),
            Regularizers = regularizer is null ? [] : [regularizer],
            GradientRecordInterval = 0,
        };
        new Trainer(network, recipe).Fit(source, null);
        return torch
            .cat([.. tasks.Select((_, task) => network.ParametersOf(task).First())])
            .detach()
            .clone()
            .MoveToOuterDisposeScope();
    }

    /// <summary>How far weights are from the truth, relative to its length.</summary>
    public static double Error(Tensor weights, Tensor truth) =>
        Numbers.Read(torch.linalg.vector_norm(weights - truth) / torch.linalg.vector_norm(truth))[0];

    public static Tensor Normal(ulong seed, params long[] shape)
    {
        using var generator = new torch.Generator(seed, torch.CPU);
        return torch.randn(shape, generator: generator);
    }
}
