using Plait.Data;
using Plait.Networks;
using Plait.Networks.SharedTrunk;
using Plait.Optimization;
using Plait.Optimization.Bilevel;
using Plait.Optimization.LossWeighting;
using Plait.Tasks;
using Plait.Tests.Networks;
using Plait.Tests.Optimization;
using TorchSharp.Modules;

namespace Plait.Tests.Training.Matrix;

/// <summary>A training by the definitions alone, read aloud: one batch of all rows a step, one ordinary backward pass a task.</summary>
/// <remarks>Nothing of how the trainer takes gradients is used. Where an aggregator works on tensors at the shared representation, it is given that of one plain pass.</remarks>
/// <param name="network">The network.</param>
/// <param name="batch">All rows.</param>
/// <param name="evaluate">Measures the network on them, for methods that listen to validation.</param>
/// <param name="method">What it is trained by.</param>
internal sealed class Recital(MultiTaskNetwork network, MultiTaskBatch batch, Func<Evaluation> evaluate, Method method)
{
    private readonly GradientLocation? observed = method.Weighting().ObservedLocation;
    private readonly LossWeighting weighting = method.WeightingOfRows();
    private readonly GradientAggregator aggregator = method.Aggregator();
    private readonly RowScale? term = method.Term();
    private readonly TaskSelection tasks = batch.LabelledTasks;

    /// <summary>Trains.</summary>
    /// <returns>What is learned, by name.</returns>
    public Dictionary<string, double[]> Run()
    {
        torch.manual_seed(Method.Seed);
        weighting.Begin(network);
        aggregator.Begin(network);
        term?.Begin(network);
        for (var step = 0; step < Method.Steps; step++)
        {
            using var scope = torch.NewDisposeScope();
            var context = Method.At(step);
            network.BeginStep(context);
            Step(context);
        }

        return Method.Learned(network, weighting, aggregator, term);
    }

    private void Step(StepContext context)
    {
        if (weighting is IBilevelOptimizer upper)
        {
            var lower = new InnerProblem(network, new FunctionObjective(tasks, () => Losses(context)), Method.Rate);
            upper.Improve(lower, context);
        }

        var shared = network.SharedParameters.ToArray();
        var beside = Beside().ToArray();
        Forget(beside);
        var losses = Losses(context);
        var rows = losses
            .Scalars.Select(loss => Gradient(loss, [.. shared, .. Private(), .. TermParameters()]))
            .ToArray();
        if (observed is { } place)
        {
            using var seen = TaskGradients.OfRows(tasks, At(place, rows, context), losses);
            weighting.Observe(seen, context);
        }

        var weights = Weights(losses, context);
        var gradients = Matrix(rows, shared.Length, weights);
        var factors = Ones(tasks.Count);
        var update =
            aggregator.LocationIn(network, sharesInput: true) == GradientLocation.Parameters
                ? OfRows(gradients, losses, factors, context)
                : AtRepresentation(gradients, weights, losses, factors, context);
        using (torch.no_grad())
        {
            Move(shared, update);
            var first = shared.Length;
            foreach (var parameter in Private())
            {
                if (network is RotatedNetwork rotated && Rotations(rotated).Contains(parameter))
                {
                    parameter.sub_(parameter.grad! * (Method.Rate * network.ScaleOf(parameter))); // rotograd's own objective, of the plain pass
                    first++;
                    continue;
                }

                for (var i = 0; i < tasks.Count; i++)
                {
                    parameter.sub_(rows[i][first] * (Method.Rate * weights[i] * factors[i]));
                }

                first++;
            }

            foreach (var parameter in TermParameters())
            {
                for (var i = 0; i < tasks.Count; i++)
                {
                    parameter.sub_(rows[i][first] * (Method.Rate * weights[i]));
                }

                first++;
            }

            foreach (var parameter in weighting.Parameters.Concat(aggregator.Parameters))
            {
                if (parameter.grad is { } gradient)
                {
                    parameter.sub_(gradient * Method.Rate);
                }
            }
        }

        weighting.AfterStep(losses, () => Losses(context), context);
        var means = new double[network.Tasks.Count];
        Array.Fill(means, double.NaN);
        for (var i = 0; i < tasks.Count; i++)
        {
            means[tasks.Indices[i]] = losses.Numbers[i];
        }

        var outcome = new EpochOutcome(context.Epoch, means, evaluate());
        weighting.EndEpoch(outcome);
        aggregator.EndEpoch(outcome);
    }

    private TaskLosses Losses(StepContext context)
    {
        var outputs = network.Forward(batch, tasks);
        return Losses(outputs, context);
    }

    private TaskLosses Losses(TaskOutputs outputs, StepContext context)
    {
        var pass = new ForwardResult(network, batch, outputs, context);
        return new TaskLosses(
            tasks,
            tasks
                .Indices.ToArray()
                .Select(task =>
                {
                    var loss = network.Tasks[task].Loss.Compute(outputs[task], batch.TargetOf(task));
                    return term is null ? loss : term.Add(loss, task, pass);
                })
        );
    }

    private double[] Weights(TaskLosses losses, StepContext context)
    {
        var objective = weighting.Weigh(losses, context);
        if (ReferenceEquals(objective, losses.Values))
        {
            return Ones(losses.Count);
        }

        objective.sum().backward();
        return Plait.Torch.Numbers.Read(losses.Values.grad!);
    }

    private Tensor OfRows(Tensor gradients, TaskLosses losses, double[] factors, StepContext context)
    {
        using var given = new GivenGradients(tasks, gradients.clone(), losses, _ => gradients.clone());
        var update = aggregator.Aggregate(given, context);
        given.PrivateFactors.CopyTo(factors, 0);
        return update.clone();
    }

    private Tensor AtRepresentation(
        Tensor gradients,
        double[] weights,
        TaskLosses losses,
        double[] factors,
        StepContext context
    )
    {
        var outputs = network.Forward(batch, tasks, cut: true);
        var again = Losses(outputs, context);
        if (aggregator is GramianAggregator byProducts)
        {
            var there = Representation(again, outputs).mul(Column(weights));
            var found = new double[tasks.Count];
            var view = new GramianView(InnerProducts.Of(there), tasks.Indices, losses.Numbers)
            {
                Rounding = Plait.Torch.Numbers.Rounding(there.dtype),
            };
            byProducts.Weigh(view, found, context);
            if (aggregator.WeighsPrivateParameters)
            {
                found.CopyTo(factors, 0);
            }

            return gradients.mul(Column(found)).sum(0L);
        }

        using var plain = TaskGradients.Of(again, network, outputs, again.Values.mul(torch.tensor(weights)));
        return aggregator.Aggregate(plain, context).clone();
    }

    private Tensor At(GradientLocation place, Tensor[][] rows, StepContext context)
    {
        if (place == GradientLocation.Representation)
        {
            var outputs = network.Forward(batch, tasks, cut: true);
            var there = Representation(Losses(outputs, context), outputs);
            return there;
        }

        var shared = network.SharedParameters.ToArray();
        var chosen = Enumerable
            .Range(0, shared.Length)
            .Where(i =>
                place == GradientLocation.Parameters
                || network.LastSharedLayer.Any(one => ReferenceEquals(one, shared[i]))
            )
            .ToArray();
        return torch.stack(rows.Select(row => torch.cat([.. chosen.Select(i => row[i].flatten())])));
    }

    private Tensor Representation(TaskLosses losses, TaskOutputs outputs)
    {
        foreach (var loss in losses.Scalars)
        {
            loss.backward(retain_graph: true);
        }

        return torch.stack(
            tasks.Indices.ToArray().Select(task => outputs.Representation!.Of(task)[0].grad!.detach().flatten())
        );
    }

    private IEnumerable<Parameter> Rotations(RotatedNetwork rotated) =>
        tasks.Indices.ToArray().Select(rotated.AnglesOf);

    private IEnumerable<Parameter> Private() =>
        Enumerable.Range(0, network.Tasks.Count).SelectMany(network.ParametersOf);

    private IEnumerable<Parameter> TermParameters() => term?.Parameters ?? [];

    private IEnumerable<Parameter> Beside() => weighting.Parameters.Concat(aggregator.Parameters);

    private static void Forget(IEnumerable<Parameter> parameters)
    {
        foreach (var parameter in parameters)
        {
            parameter.grad?.zero_();
        }
    }

    private static Tensor[] Gradient(Tensor loss, Parameter[] parameters)
    {
        Forget(parameters);
        loss.backward(retain_graph: true);
        return [.. parameters.Select(one => one.grad?.clone() ?? torch.zeros_like(one).detach())];
    }

    private static Tensor Matrix(Tensor[][] rows, int shared, double[] weights) =>
        torch
            .stack(rows.Select(row => torch.cat([.. row.Take(shared).Select(one => one.flatten())])))
            .mul(Column(weights));

    private static Tensor Column(double[] numbers) => torch.tensor(numbers, ScalarType.Float32).unsqueeze(1);

    private static void Move(Parameter[] parameters, Tensor update)
    {
        var offset = 0L;
        foreach (var parameter in parameters)
        {
            parameter.sub_(update.narrow(0, offset, parameter.numel()).view(parameter.shape).mul(Method.Rate));
            offset += parameter.numel();
        }
    }

    private static double[] Ones(int count) => [.. Enumerable.Repeat(1.0, count)];
}
