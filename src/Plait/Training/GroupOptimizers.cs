using Plait.Networks;
using Plait.Tasks;
using Plait.Torch;
using TorchSharp.Modules;

namespace Plait.Training;

/// <summary>The optimizers over one flat storage: one for all groups that the same optimizer moves alike, and the main one first.</summary>
internal sealed class GroupOptimizers : IDisposable
{
    private readonly Entry[] entries;
    private readonly bool[] moves; // one flag a parameter, of the entry whose turn it is

    /// <summary>Makes them, with the multiples of the learning rate in the storage.</summary>
    /// <param name="storage">The parameters.</param>
    /// <param name="groups">All of them in groups.</param>
    /// <param name="main">The recipe's optimizer, which is there even if it moves nothing, for the schedule.</param>
    /// <param name="decays">Whether the main optimizer decays weights.</param>
    /// <exception cref="NotSupportedException">The optimizer cannot do what a group asks for.</exception>
    public GroupOptimizers(FlatParameters storage, IReadOnlyList<RunGroup> groups, OptimizerFactory main, bool decays)
    {
        moves = new bool[storage.Parameters.Count];
        var groupOf = new Dictionary<Parameter, RunGroup>(ReferenceEqualityComparer.Instance);
        foreach (var group in groups)
        {
            foreach (var parameter in group.Group.Parameters)
            {
                groupOf[parameter] = group;
            }
        }

        storage.Rescale(parameter => groupOf[parameter].Scale);
        var first = new Setting(main, decays, ParameterGroup.EveryNth(1));
        entries =
        [
            .. groups
                .Where(group => !group.Frozen)
                .Select(Setting.Of)
                .Prepend(first)
                .Distinct()
                .Select(setting =>
                    Entry.Of(
                        storage,
                        setting,
                        [.. storage.Parameters.Select(parameter => setting.IsOf(groupOf[parameter]))]
                    )
                ),
        ];
        if (entries.Length > 1 && Array.Exists(entries, entry => entry.Optimizer.LooksAgain))
        {
            throw new NotSupportedException(
                "LBFGS looks at the losses several times a step, so it moves all parameters or none: give no group an optimizer or an interval of its own, or train with Adam, AdamW or Sgd."
            );
        }
    }

    /// <summary>The recipe's optimizer.</summary>
    public IGroupOptimizer Main => entries[0].Optimizer;

    /// <summary>Whether the main optimizer moves all that learns, in every step.</summary>
    public bool AreOne => entries.Length == 1;

    /// <summary>What the next step adds to the gradient for its momentum; null where that is not how the optimizers work.</summary>
    public Tensor? Velocity
    {
        get
        {
            var velocities = entries.Select(entry => entry.Optimizer.Velocity).OfType<Tensor>().ToArray();
            return velocities.Length == 0 ? null : velocities.Aggregate((sum, velocity) => sum.add(velocity));
        }
    }

    /// <summary>Brings the learning rates to where the schedule has brought the recipe's.</summary>
    /// <param name="learningRate">That of the recipe's optimizer.</param>
    /// <param name="pace">How many times that is what it was at the start, for optimizers of other makes.</param>
    /// <param name="ofMain">Whether the main optimizer follows too; the schedule drives that of the network.</param>
    public void Follow(double learningRate, double pace, bool ofMain)
    {
        foreach (var entry in entries.Skip(ofMain ? 0 : 1))
        {
            foreach (var group in entry.Optimizer.Scheduled.ParamGroups)
            {
                group.LearningRate =
                    entry.Setting.Factory == entries[0].Setting.Factory
                        ? learningRate
                        : group.InitialLearningRate * pace;
            }
        }
    }

    /// <summary>Which parameters move in a step, one flag a parameter; null where all that learn do.</summary>
    public bool[]? MovingIn(StepContext step)
    {
        if (Array.TrueForAll(entries, entry => entry.IsMoving(step) || !entry.MovesAny))
        {
            return null;
        }

        var moving = new bool[moves.Length];
        foreach (var entry in entries.Where(entry => entry.IsMoving(step)))
        {
            for (var i = 0; i < moving.Length; i++)
            {
                moving[i] |= entry.Members[i];
            }
        }

        return moving;
    }

    /// <summary>Moves what learns in a step.</summary>
    /// <param name="learns">One flag a parameter.</param>
    /// <param name="step">Where the run stands.</param>
    public void Step(bool[] learns, StepContext step)
    {
        foreach (var entry in entries)
        {
            if (entry.IsMoving(step))
            {
                entry.Optimizer.Step(entry.MovesAll ? learns : Both(entry.Members, learns));
            }
        }
    }

    public void Save(StateDictionary state, string name)
    {
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i].Optimizer.Save(state.Part(NameOf(name, i)));
        }
    }

    public void Load(StateDictionary state, string name)
    {
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i].Optimizer.Load(state.Part(NameOf(name, i)));
        }
    }

    public void Dispose()
    {
        foreach (var entry in entries)
        {
            entry.Optimizer.Dispose();
        }
    }

    private static string NameOf(string name, int place) => place == 0 ? name : $"{name}-{place}";

    private bool[] Both(bool[] members, bool[] learns)
    {
        for (var i = 0; i < moves.Length; i++)
        {
            moves[i] = members[i] && learns[i];
        }

        return moves;
    }

    /// <summary>What groups have in common that one optimizer moves; the multiples of the learning rate are in the storage.</summary>
    private sealed record Setting(OptimizerFactory Factory, bool Decays, Func<StepContext, bool> Moves)
    {
        public static Setting Of(RunGroup group) => new(group.Optimizer, group.Group.Decays, group.Moves);

        public bool IsOf(RunGroup group) => !group.Frozen && Of(group) == this;
    }

    /// <summary>An optimizer, with one flag a parameter for those that it moves.</summary>
    private sealed record Entry(
        Setting Setting,
        IGroupOptimizer Optimizer,
        bool[] Members,
        bool MovesAny,
        bool MovesAll
    )
    {
        public bool IsMoving(StepContext step) => MovesAny && Setting.Moves(step);

        public static Entry Of(FlatParameters storage, Setting setting, bool[] members)
        {
            var movesAny = members.Contains(true);
            int[] places = [.. Enumerable.Range(0, members.Length).Where(place => members[place] || !movesAny)];
            return new Entry(
                setting,
                setting.Factory.Create(storage, places, setting.Decays),
                members,
                movesAny,
                MovesAll: !members.Contains(false)
            );
        }
    }
}
