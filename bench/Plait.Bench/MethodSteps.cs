using Plait.Catalogue;
using Plait.Optimization;
using Plait.Optimization.LossWeighting;
using Plait.Torch;
using Plait.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Plait.Bench;

/// <summary>A whole step of every aggregator and every weighting of the catalogue over one of the plain sum, beside the bound.</summary>
/// <remarks>
/// The bound is a loop by hand that goes forward once, backward through the heads once and backward through the trunk once for
/// each task: less than that, no method can do that looks at the tasks' gradients by the parameters. Methods that judge their
/// weights on two further batches are to be compared with the same loop over three.
/// </remarks>
internal static class MethodSteps
{
    private const string Plain = "sum";
    private const string TheBound = "(bound)";
    private const string ThreeBatches = "(bound, three batches)";

    /// <param name="problem">See <see cref="Workload.Named"/>.</param>
    /// <param name="rounds">How many times each is measured.</param>
    /// <param name="only">Names to measure beside the sum and the bound; all when empty.</param>
    public static void Run(string problem, int rounds, params string[] only)
    {
        var steps = problem == "resnet" ? 24 : 8; // the first one touches 1.8 GB of fresh memory there
        var workload = Workload.Named(problem, steps);
        List<(string Name, Action Call)> methods =
        [
            (Plain, () => Fit(workload, new Recipe())),
            (TheBound, Bound(workload, steps)),
            (ThreeBatches, Bound(workload, steps, batches: 3)),
        ];
        foreach (var entry in MethodCatalog.Of(MethodKind.Aggregator).Where(entry => entry.Name != Plain))
        {
            methods.Add((entry.Name, () => Fit(workload, WithAggregator(entry.Name))));
            if (entry.Options.Any(option => option.StartsWith("at=", StringComparison.Ordinal)))
            {
                var name = $"{entry.Name}:at=representation";
                methods.Add((name, () => Fit(workload, WithAggregator(name))));
            }
        }

        foreach (var entry in MethodCatalog.Of(MethodKind.Weighting).Where(entry => entry.Name != "equal"))
        {
            methods.Add(($"sum + {entry.Name}", () => Fit(workload, WithWeighting(entry.Name))));
        }

        methods.RemoveAll(method =>
            (only.Length > 0 && method.Name is not (Plain or TheBound) && !only.Contains(method.Name))
            || !Works(method.Name, method.Call)
        );
        TurnByTurn.Print(
            problem,
            [.. methods.Select(method => method.Name)],
            TurnByTurn.Measure([.. methods.Select(method => method.Call)], rounds)
        );
    }

    private static Recipe WithAggregator(string text) =>
        new() { Aggregator = MethodCatalog.Create<GradientAggregator>(text) };

    private static Recipe WithWeighting(string text) => new() { Weighting = MethodCatalog.Create<LossWeighting>(text) };

    /// <summary>Leaves out, with a line, what needs an option or another network.</summary>
    private static bool Works(string name, Action call)
    {
        try
        {
            call();
            return true;
        }
        catch (Exception fault)
            when (fault is FormatException or ArgumentException or NotSupportedException or InvalidOperationException)
        {
            Console.WriteLine($"{name} is left out: {fault.Message}");
            return false;
        }
    }

    private static void Fit(Workload workload, Recipe recipe)
    {
        using var batches = workload.Data.Batches(workload.BatchSize);
        new Trainer(workload.Network, recipe with { Epochs = 1, GradientRecordInterval = 0 }).Fit(batches);
    }

    /// <summary>The loop by hand.</summary>
    public static Action Bound(Workload workload, int steps, int batches = 1)
    {
        var storage = FlatParameters.Of(
            [.. workload.Trunk.parameters()],
            [.. workload.Heads.Select(head => (IReadOnlyList<Parameter>)[.. head.parameters()])]
        );
        var optimizer = new FlatAdam(storage, 1e-3, new AdamOptions(0.9, 0.999, 1e-8, 0), decoupled: false);
        return () =>
        {
            for (var step = 0; step < steps; step++)
            {
                using var scope = NewDisposeScope();
                for (var batch = 0; batch < batches; batch++)
                {
                    optimizer.zero_grad();
                    Backward(workload, (step + batch) % steps);
                }

                optimizer.step();
            }
        };
    }

    private static void Backward(Workload workload, int step)
    {
        var features = workload.Trunk.call(workload.Slice(workload.Input, step));
        var leaves = workload.Heads.Select(_ => features.detach().requires_grad_()).ToArray();
        stack(workload.Losses(task => leaves[task], step)).sum().backward();
        for (var task = 0; task < leaves.Length; task++)
        {
            features.backward([leaves[task].grad!], create_graph: false, retain_graph: task < leaves.Length - 1);
        }
    }
}
