using Plait.Catalogue;
using Plait.Networks;
using Plait.Optimization;
using Plait.Torch;

namespace Plait.Training;

/// <summary>The parts of a run that a checkpoint holds.</summary>
internal sealed record RunParts(
    MultiTaskNetwork Network,
    Recipe Recipe,
    RunOptimizer Optimizer,
    IObjectiveSource Source,
    SearchDescent? Search,
    RunState State,
    StateDictionary? Best
)
{
    /// <summary>Everything that has a state beside <see cref="State"/>, in order.</summary>
    public IReadOnlyList<(string Name, IStateful Component)> Components { get; } =
        RunComponents.Of(Network, Recipe, Optimizer, Source, Search);
}

/// <summary>Writes a run to a checkpoint and takes it back, every bit of it.</summary>
internal static class RunCheckpoint
{
    private const string Format = "plait-checkpoint-5";

    public static void Write(CheckpointFolder folder, RunParts run)
    {
        var state = new StateDictionary();
        foreach (var (name, component) in run.Components)
        {
            component.Save(state.Part(name));
        }

        if (run.Best is not null)
        {
            state.Part("best").CopyFrom(run.Best);
        }

        folder.Write(
            state,
            new Dictionary<string, string>
            {
                ["format"] = Format,
                ["recipe"] = Describe(run),
                ["run"] = run.State.Write(run.Network.Tasks),
            }
        );
    }

    /// <exception cref="InvalidDataException">The checkpoint is damaged, or of another network or recipe.</exception>
    public static (RunState State, StateDictionary? Best) Read(
        CheckpointFolder folder,
        RunParts run,
        Action<string>? notice
    )
    {
        var (state, metadata) = folder.Read(notice);
        try
        {
            if (metadata.GetValueOrDefault("format") is var format && format != Format)
            {
                throw new InvalidDataException(
                    $"It was written by another version of Plait ({format ?? "no format"} instead of {Format}): resume it with that version, or start the training anew in another folder."
                );
            }

            if (metadata["recipe"] != Describe(run))
            {
                throw new InvalidDataException(
                    $"It was made by another recipe ({metadata["recipe"]}) than this one ({Describe(run)})."
                );
            }

            var past = RunState.Read(metadata["run"], run.Network.Tasks);
            run.Optimizer.Replay(past);
            foreach (var (name, component) in run.Components)
            {
                component.Load(state.Part(name));
            }

            return (past, Best(state));
        }
        catch (InvalidDataException failure)
        {
            throw new InvalidDataException(
                $"{folder.Path}: this checkpoint does not resume this run. {failure.Message}",
                failure
            );
        }
    }

    private static StateDictionary? Best(StateDictionary state)
    {
        var best = new StateDictionary();
        best.CopyFrom(state.Part("best"));
        return best.Names.Any() ? best : null;
    }

    private static string Describe(RunParts run) =>
        string.Join(
            " + ",
            run.Recipe.Parts.Select(part => (object)part.Part)
                .Prepend(run.Recipe.Optimizer)
                .Select(MethodCatalog.NameOf)
                .Append($"seed {run.Recipe.Seed}")
                .Concat(run.Recipe.Groups.Select(setting => setting.ToString()))
                .Concat(run.Search is null ? [] : ["search data"])
        );
}
