using System.Text.Json;
using Plait.Catalogue;
using Plait.Data;
using Plait.Networks;
using Plait.Optimization.Distillation;
using Plait.Training;

namespace Plait.Faults.Recipes;

/// <summary>A training that can be killed: a ground and a run, as text that a child process reads.</summary>
/// <param name="Ground">The data.</param>
/// <param name="Run">The network and the recipe.</param>
/// <param name="Rows">Rows to learn from.</param>
/// <param name="CheckpointMilliseconds">The least time between two checkpoints; 0 writes one before each step.</param>
internal sealed record FaultRecipe(Ground Ground, RunSpecification Run, int Rows, int CheckpointMilliseconds)
{
    private const int TeacherSeed = 1000;

    /// <summary>All parts that are not the defaults, in one line.</summary>
    public string Name => string.Join(" + ", Part.LabelsOf(Run).Select(label => label.Split(' ', 2)[1]));

    public string ToJson() => JsonSerializer.Serialize(this);

    public static FaultRecipe FromJson(string json) => JsonSerializer.Deserialize<FaultRecipe>(json)!;

    public TensorData TrainingData() => GroundData.Create(Ground, Rows, Run.Seed + 10);

    public TensorData ValidationData() => GroundData.Create(Ground, Rows / 2, Run.Seed + 20);

    public MultiTaskNetwork CreateNetwork(TensorData data) => Run.CreateNetwork(data.Tasks, data.InputSpec);

    /// <summary>Networks that the run's distillations learn from, whose parameters only their seeds decide; null where nothing distils.</summary>
    public Teachers? CreateTeachers(TensorData data) =>
        Run.Auxiliaries.Any(Distils)
            ? Teachers.Of(
                Enumerable
                    .Range(TeacherSeed, 2)
                    .Select(seed => (Run with { Seed = seed }).CreateNetwork(data.Tasks, data.InputSpec))
                    .ToArray()
            )
            : null;

    private static bool Distils(string text) =>
        MethodCatalog
            .Of(MethodKind.Auxiliary)
            .Single(entry => entry.Name == MethodSpecification.Parse(text).Name)
            .Type.IsAssignableTo(typeof(Distillation));
}
