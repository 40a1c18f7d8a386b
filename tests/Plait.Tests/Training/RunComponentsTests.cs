using System.Collections;
using System.Reflection;
using Plait.Catalogue;
using Plait.Data;
using Plait.Networks;
using Plait.Networks.Encoders;
using Plait.Optimization;
using Plait.Optimization.Distillation;
using Plait.Optimization.LossWeighting;
using Plait.Optimization.Regularization;
using Plait.Optimization.Scheduling;
using Plait.Tests.Catalogue;
using Plait.Tests.Training.Matrix;
using Plait.Torch;
using Plait.Training;
using static TorchSharp.torch.optim;

namespace Plait.Tests.Training;

/// <summary>Everything that remembers a step is in the list of a run's components, and the list puts a run back where it was.</summary>
[Collection("torch")]
public sealed class RunComponentsTests
{
    private const int Steps = 3;

    public static TheoryData<MethodKind, string> Methods
    {
        get
        {
            var data = new TheoryData<MethodKind, string>();
            foreach (
                var kind in new[]
                {
                    MethodKind.Weighting,
                    MethodKind.Regularizer,
                    MethodKind.Aggregator,
                    MethodKind.Schedule,
                    MethodKind.Optimizer,
                    MethodKind.Callback,
                }
            )
            {
                foreach (var entry in MethodCatalog.Of(kind))
                {
                    data.Add(kind, entry.Example);
                }
            }

            var withoutTeachers = MethodCatalog
                .Of(MethodKind.Auxiliary)
                .Where(entry => !entry.Type.IsAssignableTo(typeof(Distillation)));
            foreach (var entry in withoutTeachers)
            {
                data.Add(MethodKind.Auxiliary, entry.Example);
            }

            return data;
        }
    }

    [Fact]
    public void The_list_of_a_run_is_its_network_its_optimizer_each_part_and_chance()
    {
        using var run = new Run(Rich());

        Assert.Equal(
            [
                "network",
                "optimizer",
                "data",
                "weighting",
                "aggregator",
                "schedule",
                "auxiliary-0",
                "callback-0",
                "callback-1",
                "random",
            ],
            run.Components.Select(component => component.Name)
        );
    }

    [Fact]
    public void Whatever_a_run_holds_that_has_a_state_is_reached_from_the_list()
    {
        using var data = SmallRuns.Data(32);
        using var batches = data.Batches(8);
        using var network = SmallRuns.Network();
        var trainer = new Trainer(network, Rich());
        using var frozen = new FrozenGroups(trainer.Recipe, network);
        using var run = new TrainingRun(trainer, frozen, new DataObjectiveSource(batches), null, null);
        var optimizer = Reached(run).OfType<RunOptimizer>().Single();
        var source = Reached(run).OfType<DataObjectiveSource>().Single();

        var held = Reached(run).Where(HasState).ToArray();
        var listed = RunComponents
            .Of(network, trainer.Recipe, optimizer, source, null)
            .SelectMany(component => Reached(component.Component))
            .ToHashSet(ReferenceEqualityComparer.Instance);

        Assert.Contains(network, held);
        Assert.Contains(source, held);
        Assert.Contains(held, one => one is FlatSgd);
        Assert.Contains(held, one => one is FlatAdam);
        Assert.True(held.Length >= 10, $"{held.Length} things with a state were found.");
        Assert.All(held, one => Assert.True(listed.Contains(one), $"{one.GetType()} is in no component."));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_run_that_is_put_back_goes_on_to_the_bit(MethodKind kind, string method)
    {
        using var first = new Run(With(kind, method));
        first.Take(Steps);
        var state = first.State;
        var saved = first.Save();
        first.Take(Steps);

        using var second = new Run(With(kind, method)) { State = state };
        second.Load(saved);
        var again = second.Save();
        second.Take(Steps);

        Assert.Equal(Bytes(saved), Bytes(again));
        Assert.Equal(Bytes(first.Save()), Bytes(second.Save()));
    }

    [Fact]
    public void Groups_that_are_put_back_go_on_to_the_bit()
    {
        using var first = new Run(Rich());
        first.Take(Steps);
        var state = first.State;
        var saved = first.Save();
        first.Take(Steps);

        using var second = new Run(Rich()) { State = state };
        second.Load(saved);
        second.Take(Steps);

        Assert.Equal(Bytes(first.Save()), Bytes(second.Save()));
    }

    private static Recipe Rich() =>
        new()
        {
            Weighting = new Uncertainty(),
            Aggregator = MethodCatalog.Create<GradientAggregator>("moco"),
            Schedule = new StopAndGo(),
            Auxiliaries = [new RowScale()],
            Groups =
            [
                new GroupSetting("encoder") { Optimizer = new SgdOptimizer(0.01), Every = 2 },
                new GroupSetting("heads.sum") { Optimizer = new AdamOptimizer(0.002) },
                new GroupSetting("uncertainty") { LearningRateScale = 0.5 },
            ],
            Callbacks = [new LossSums(interval: 2), new LossSums(interval: 2)],
        };

    private static Recipe With(MethodKind kind, string method)
    {
        var recipe = new Recipe { Epochs = 2, GradientRecordInterval = 0 };
        return kind switch
        {
            MethodKind.Weighting => recipe with { Weighting = MethodCatalog.Create<LossWeighting>(method) },
            MethodKind.Regularizer => recipe with { Regularizers = [MethodCatalog.Create<Regularizer>(method)] },
            MethodKind.Aggregator => recipe with { Aggregator = MethodCatalog.Create<GradientAggregator>(method) },
            MethodKind.Schedule => recipe with { Schedule = MethodCatalog.Create<TaskSchedule>(method) },
            MethodKind.Optimizer => recipe with { Optimizer = MethodCatalog.Create<OptimizerFactory>(method) },
            MethodKind.Callback => recipe with { Callbacks = [MethodCatalog.Create<TrainingCallback>(method)] },
            _ => recipe with { Auxiliaries = [MethodCatalog.Create<AuxiliaryLoss>(method)] },
        };
    }

    private static byte[] Bytes(StateDictionary state)
    {
        using var stream = new MemoryStream();
        SafeTensorsFile.Write(stream, state, new Dictionary<string, string>());
        return stream.ToArray();
    }

    private static bool HasState(object one) => one is IStateful or MultiTaskNetwork or Optimizer;

    /// <summary>All objects that one holds, through fields of the library's types and collections.</summary>
    private static HashSet<object> Reached(object root)
    {
        var reached = new HashSet<object>(ReferenceEqualityComparer.Instance);
        var left = new Stack<object>([root]);
        while (left.TryPop(out var one))
        {
            if (one is Delegate or string or Type or Tensor || one.GetType().IsPrimitive || !reached.Add(one))
            {
                continue;
            }

            if (
                one is IEnumerable many and not torch.nn.Module
                && (one is Array || one.GetType().Assembly != typeof(Trainer).Assembly)
            )
            {
                foreach (var item in many)
                {
                    Push(item);
                }
            }

            for (var type = one.GetType(); type is not null && IsOurs(type); type = type.BaseType)
            {
                foreach (
                    var field in type.GetFields(
                        BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly
                    )
                )
                {
                    Push(field.GetValue(one));
                }
            }
        }

        return reached;

        void Push(object? held)
        {
            if (held is not null)
            {
                left.Push(held);
            }
        }
    }

    private static bool IsOurs(Type type) =>
        type.Namespace?.StartsWith(nameof(Plait), StringComparison.Ordinal) == true
        && !type.IsAssignableTo(typeof(torch.nn.Module));

    /// <summary>A run without its loop.</summary>
    private sealed class Run : IDisposable
    {
        private readonly TensorData data = SmallRuns.Data(48);
        private readonly MultiTaskDataLoader batches;
        private readonly MultiTaskNetwork network;
        private readonly Recipe recipe;
        private readonly RunOptimizer optimizer;
        private readonly RunSteps steps;
        private RunState state;

        public Run(Recipe recipe)
        {
            this.recipe = recipe;
            batches = data.Batches(16, shuffleSeed: 1);
            network = Network(Surroundings.NetworkFor(recipe, Network));
            torch.manual_seed(recipe.Seed);
            foreach (var (_, part) in recipe.Parts)
            {
                part.Begin(new TrainingContext(network, batches.Sizes));
            }

            optimizer = new RunOptimizer(recipe, network);
            var source = new DataObjectiveSource(batches);
            steps = new RunSteps(recipe, network, RunSources.Of(source), optimizer);
            state = RunState.Start(network.Tasks.Count);
            Components = RunComponents.Of(network, recipe, optimizer, source, steps.Search);
        }

        public IReadOnlyList<(string Name, IStateful Component)> Components { get; }

        /// <summary>Where the run stands, as text.</summary>
        public string State
        {
            get => state.Write(network.Tasks);
            init => state = RunState.Read(value, network.Tasks);
        }

        /// <summary>Takes steps, and ends an epoch after them.</summary>
        public void Take(int count)
        {
            for (var i = 0; i < count; i++)
            {
                steps.Take(state);
                optimizer.EndStep();
                state.Step++;
                state.StepInEpoch = (state.StepInEpoch + 1) % steps.PerEpoch;
            }

            var losses = state.Means(state.LossSums);
            foreach (var (_, part) in recipe.Parts)
            {
                part.EndEpoch(new EpochOutcome(state.Epoch, losses, Evaluator.Evaluate(network, batches)));
            }

            network.train();
            state.ForgetCounts();
            state.Epoch++;
        }

        public StateDictionary Save()
        {
            var saved = new StateDictionary();
            foreach (var (name, component) in Components)
            {
                component.Save(saved.Part(name));
            }

            return saved;
        }

        public void Load(StateDictionary saved)
        {
            foreach (var (name, component) in Components)
            {
                component.Load(saved.Part(name));
            }
        }

        public void Dispose()
        {
            steps.Dispose();
            optimizer.Dispose();
            network.Dispose();
            batches.Dispose();
            data.Dispose();
        }

        private static MultiTaskNetwork Network(string name)
        {
            torch.manual_seed(3);
            return MethodCatalog.Create<MultiTaskNetwork>(
                name,
                SmallRuns.Tasks,
                new Mlp(SmallRuns.Inputs, [16, 8], dropout: 0.2)
            );
        }
    }
}
