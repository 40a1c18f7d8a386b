using Plait.Optimization;
using Plait.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch.optim;
using static TorchSharp.torch.optim.lr_scheduler;

namespace Plait.Training;

/// <summary>The optimizer of a run, with its learning-rate scheduler, and a second one for what the parts of the recipe learn.</summary>
internal sealed class RunOptimizer : IDisposable
{
    private readonly FlatParameters storage;
    private readonly Optimizer main;
    private readonly FlatParameters? partsStorage;
    private readonly Optimizer? parts;
    private readonly LRScheduler? scheduler;
    private readonly bool everyStep;

    public RunOptimizer(Recipe recipe, FlatParameters storage)
    {
        this.storage = storage;
        main = recipe.Optimizer.Create(storage, decays: true);
        Learned = [.. recipe.Parts.SelectMany(part => part.Part.Parameters)];
        if (Learned.Count > 0)
        {
            partsStorage = FlatParameters.Of(
                Learned,
                scaleOf: parameter => OwnerOf(recipe, parameter).LearningRateScaleOf(parameter)
            );
            parts = recipe.Optimizer.Create(partsStorage, decays: false);
        }

        scheduler = recipe.LearningRateSchedule?.Create(main);
        everyStep = recipe.LearningRateSchedule?.EveryStep ?? false;
    }

    /// <summary>What the parts of the recipe learn.</summary>
    public IReadOnlyList<Parameter> Learned { get; }

    /// <summary>What the next step adds to the gradient for its momentum; null where that is not how the optimizer works.</summary>
    public Tensor? Velocity => (main as FlatOptimizer)?.Velocity;

    /// <summary>What the next step adds to the gradient, times the parameters.</summary>
    public double WeightDecay => (main as FlatOptimizer)?.WeightDecay ?? 0;

    public double LearningRate => main.ParamGroups.First().LearningRate;

    public void ZeroParts() => partsStorage?.ZeroGradients();

    /// <summary>Shortens the network's gradient to a norm.</summary>
    /// <returns>Its norm before.</returns>
    public double ClipGradients(double? limit)
    {
        using var measured = torch.linalg.vector_norm(storage.Gradients);
        var norm = (double)measured.item<float>();
        if (norm > limit && double.IsFinite(norm))
        {
            storage.Gradients.mul_(limit.Value / norm);
        }

        return norm;
    }

    /// <summary>Moves the parameters.</summary>
    /// <param name="recompute">Takes the gradients again and returns the objective, for optimizers that look more than once a step.</param>
    public void Step(Func<Tensor> recompute)
    {
        main.step(main is LBFGS ? recompute : null)?.Dispose();
        if (parts is not null)
        {
            foreach (var group in parts.ParamGroups)
            {
                group.LearningRate = LearningRate;
            }

            parts.step()?.Dispose();
        }
    }

    public void EndStep()
    {
        if (everyStep)
        {
            scheduler?.step();
        }
    }

    public void EndEpoch(double score)
    {
        if (everyStep || scheduler is null)
        {
            return;
        }

        if (scheduler is impl.ReduceLROnPlateau plateau)
        {
            plateau.step(score);
        }
        else
        {
            scheduler.step();
        }
    }

    /// <summary>Steps a fresh scheduler through all that a run has behind it.</summary>
    public void Replay(RunState state)
    {
        for (var step = 0L; everyStep && step < state.Step; step++)
        {
            EndStep();
        }

        foreach (var epoch in state.History)
        {
            EndEpoch(epoch.Score);
        }
    }

    public void Save(StateDictionary state)
    {
        SaveOne(main, state.Part("main"));
        if (parts is not null)
        {
            SaveOne(parts, state.Part("parts"));
            state.Set("parts-values", partsStorage!.Values);
        }
    }

    public void Load(StateDictionary state)
    {
        LoadOne(main, state.Part("main"));
        if (parts is not null)
        {
            LoadOne(parts, state.Part("parts"));
            state.CopyTo("parts-values", partsStorage!.Values);
        }
    }

    public void Dispose()
    {
        main.Dispose();
        parts?.Dispose();
        partsStorage?.Dispose();
    }

    private static RecipePart OwnerOf(Recipe recipe, Parameter parameter) =>
        recipe.Parts.First(part => part.Part.Parameters.Any(own => ReferenceEquals(own, parameter))).Part;

    private static void SaveOne(Optimizer optimizer, StateDictionary state)
    {
        if (optimizer is IStateful stateful)
        {
            stateful.Save(state);
            return;
        }

        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true))
        {
            Saveable(optimizer).save_state_dict(writer);
        }

        state.Set("torchsharp", stream.ToArray().AsSpan());
    }

    private static void LoadOne(Optimizer optimizer, StateDictionary state)
    {
        if (optimizer is IStateful stateful)
        {
            stateful.Load(state);
            return;
        }

        using var reader = new BinaryReader(new MemoryStream(state.Bytes("torchsharp")));
        Saveable(optimizer).load_state_dict(reader);
    }

    private static OptimizerHelper Saveable(Optimizer optimizer) =>
        optimizer as OptimizerHelper
        ?? throw new NotSupportedException(
            $"TorchSharp cannot save the state of {optimizer.GetType().Name}; train with it without checkpoints."
        );
}
