using System.Runtime.ExceptionServices;
using Plait.Networks;
using Plait.Optimization;
using Plait.Tasks;
using Plait.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch.optim.lr_scheduler;

namespace Plait.Training;

/// <summary>What moves the groups of parameters of a run, the network's and those that the parts of the recipe learn, with the learning-rate scheduler.</summary>
internal sealed class RunOptimizer : IStateful, IDisposable
{
    private readonly FlatParameters storage;
    private readonly GroupOptimizers groups;
    private readonly IGroupOptimizer main; // of these groups
    private readonly double initialRate;
    private readonly LearnedParts? parts; // null where they learn nothing
    private readonly LRScheduler? scheduler;
    private readonly bool everyStep;
    private readonly List<int> detached = []; // places in the storage of what is private to tasks without a part in the step
    private readonly bool[] learns; // one flag a parameter
    private TaskSet? tasks; // known from the first step on

    /// <param name="recipe">The recipe, whose parts have begun.</param>
    /// <param name="network">The network.</param>
    /// <exception cref="NotSupportedException">An optimizer cannot do what a group asks for.</exception>
    public RunOptimizer(Recipe recipe, MultiTaskNetwork network)
    {
        storage = network.Storage;
        groups = new GroupOptimizers(storage, RunGroups.OfNetwork(recipe, network), recipe.Optimizer, decays: true);
        main = groups.Main;
        initialRate = LearningRate;
        var ofParts = RunGroups.OfParts(recipe);
        parts = ofParts.Count == 0 ? null : new LearnedParts(recipe, ofParts);
        learns = new bool[storage.Parameters.Count];
        Array.Fill(learns, true);
        scheduler = recipe.LearningRateSchedule?.Create(main.Scheduled);
        everyStep = recipe.LearningRateSchedule?.EveryStep ?? false;
    }

    /// <summary>What the parts of the recipe learn.</summary>
    public IReadOnlyList<Parameter> Learned => parts?.Parameters ?? [];

    /// <summary>What the next step adds to the gradient for its momentum; null where that is not how the optimizer works.</summary>
    public Tensor? Velocity => groups.Velocity;

    /// <summary>Whether one optimizer moves all that learns of the network, in every step.</summary>
    public bool IsOne => groups.AreOne;

    /// <summary>What the next step adds to the gradient, times the parameters.</summary>
    public double WeightDecay => main.WeightDecay;

    public double LearningRate => main.Scheduled.ParamGroups.First().LearningRate;

    /// <summary>How many times the learning rate at the start that is.</summary>
    public double Pace => LearningRate / initialRate;

    /// <summary>Takes the gradients of what the parts learn away: what is given none in the step stands still.</summary>
    public void DetachLearned() => parts?.DetachGradients();

    /// <summary>
    /// Takes the gradients away of what is private to tasks that have no part in the step, once the others have theirs: what no penalty gives
    /// one then stands still in the step, as in PyTorch.
    /// </summary>
    /// <param name="present">The tasks that have a part in it.</param>
    public void DetachAbsent(TaskSelection present)
    {
        AttachAll();
        tasks = present.Tasks;
        for (var task = 0; task < present.Tasks.Count && present.Count < present.Tasks.Count; task++)
        {
            if (present.Contains(task))
            {
                continue;
            }

            var (first, count) = storage.PlacesOf(task);
            for (var place = first; place < first + count; place++)
            {
                storage.Detach(place);
                learns[place] = false;
                detached.Add(place);
            }
        }
    }

    /// <summary>Takes in what penalties gave to absent tasks.</summary>
    public void TakeInPenalties()
    {
        foreach (var place in detached)
        {
            learns[place] = storage.TakeIn(place);
        }
    }

    /// <summary>Shortens to a norm the gradient of what moves of the network in a step; what rests in it has no part in the norm.</summary>
    /// <returns>Its norm before.</returns>
    public double ClipGradients(double? limit, StepContext step)
    {
        var norm = groups.MovingIn(step) is { } moving ? storage.GradientNormOf(moving) : storage.GradientNorm;
        if (norm > limit && double.IsFinite(norm))
        {
            storage.Gradients.mul_(limit.Value / norm);
        }

        return norm;
    }

    /// <summary>Moves the parameters.</summary>
    /// <param name="step">Where the run stands.</param>
    /// <param name="recompute">Takes the gradients again and returns the objective, for optimizers that look more than once a step.</param>
    /// <exception cref="NonFiniteException">The parameters are not finite any more.</exception>
    public void Step(StepContext step, Func<Tensor> recompute)
    {
        if (main.LooksAgain)
        {
            StepByLooks(recompute);
        }
        else
        {
            groups.Follow(LearningRate, Pace, ofMain: false);
            groups.Step(learns, step);
        }

        AttachAll();
        RequireFinite();
        parts?.Step(step, LearningRate, Pace);
    }

    /// <summary>Steps an optimizer that looks several times; a look that fails leaves the parameters as they were.</summary>
    /// <remarks>The looks come by native code, which no exception may cross.</remarks>
    private void StepByLooks(Func<Tensor> recompute)
    {
        using var before = storage.Values.clone();
        Exception? failure = null;
        main.StepByLooks(() =>
        {
            try
            {
                return failure is null ? recompute() : torch.tensor(float.NaN);
            }
            catch (Exception met)
            {
                failure = met;
                return torch.tensor(float.NaN);
            }
        });
        if (failure is not null)
        {
            using var noGrad = torch.no_grad();
            storage.Values.copy_(before);
            AttachAll();
            ExceptionDispatchInfo.Throw(failure);
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
        groups.Save(state, "main");
        parts?.Save(state);
    }

    public void Load(StateDictionary state)
    {
        groups.Load(state, "main");
        parts?.Load(state);
    }

    public void Dispose()
    {
        groups.Dispose();
        parts?.Dispose();
    }

    /// <summary>A loss need not tell: a unit whose weights are lost may be one that answers 0.</summary>
    private void RequireFinite()
    {
        if (FiniteParameters.Are(storage.Values))
        {
            return;
        }

        var task = FiniteParameters.TaskToBlame(storage) is { } place ? tasks?[place].Name : null;
        throw FiniteParameters.Lost(
            task,
            task is null ? "the shared parameters" : $"the parameters of task '{task}'",
            LearningRate
        );
    }

    /// <summary>Ends what <see cref="DetachAbsent"/> began.</summary>
    private void AttachAll()
    {
        foreach (var place in detached)
        {
            storage.Reattach(place);
            learns[place] = true;
        }

        detached.Clear();
    }
}
