using System.Collections.Concurrent;
using Plait.Tasks;
using TorchSharp.Modules;

namespace Plait.Networks;

/// <summary>Parameters that move alike: how fast, by which optimizer, on which data and when.</summary>
/// <remarks>
/// A network lists the groups that it consists of, and each part of a recipe those that it learns. A parameter is in one group, or in
/// none where it is frozen.
/// </remarks>
/// <param name="Name">What users call it: letters, digits and dashes, and for one of several alike a point and which, as in "heads.churn".</param>
/// <param name="Parameters">Those that learn.</param>
public sealed record ParameterGroup(string Name, IReadOnlyList<Parameter> Parameters)
{
    private static readonly ConcurrentDictionary<int, Func<StepContext, bool>> Intervals = [];

    private readonly double? adaptiveScale;

    /// <summary>How many times the learning rate they take with stochastic gradient descent; above 0, and 1 unless the method's paper says otherwise.</summary>
    public double LearningRateScale { get; init; } = 1;

    /// <summary>
    /// How many times they take with an optimizer that divides each gradient by its size, such as Adam, whose steps do not shrink where
    /// gradients are small; as <see cref="LearningRateScale"/> says unless set.
    /// </summary>
    public double AdaptiveLearningRateScale
    {
        get => adaptiveScale ?? LearningRateScale;
        init => adaptiveScale = value;
    }

    /// <summary>What moves them; the recipe's optimizer when null.</summary>
    public OptimizerFactory? Optimizer { get; init; }

    /// <summary>Whether the optimizer's weight decay is for them too.</summary>
    public bool Decays { get; init; } = true;

    /// <summary>The data that they learn from.</summary>
    public LearningSplit Learns { get; init; } = LearningSplit.Training;

    /// <summary>Whether they move in a step; in each unless set. The gradients of the steps between are not kept.</summary>
    /// <remarks>
    /// A function of where the run stands and of nothing else, so that a resumed run goes on as the unbroken one: a warm-up, epochs in
    /// turn, <see cref="EveryNth"/> step. One optimizer moves the groups that have the same function, so alike groups share one object.
    /// </remarks>
    public Func<StepContext, bool> Moves { get; init; } = EveryNth(1);

    /// <summary>For <see cref="Moves"/>: in every so many steps, from the first.</summary>
    /// <param name="steps">1 or more.</param>
    /// <returns>The same object for the same number.</returns>
    /// <exception cref="ArgumentException">The number is below 1.</exception>
    public static Func<StepContext, bool> EveryNth(int steps) =>
        steps >= 1
            ? Intervals.GetOrAdd(steps, every => step => step.Step % every == 0)
            : throw new ArgumentException($"A group moves in every so many steps, 1 or more; got {steps}.");

    /// <summary>Whether a name that a user gives means this group: its own, or that of all alike, as "heads" means "heads.churn".</summary>
    public bool IsMeantBy(string name) =>
        Name == name || Name.StartsWith($"{name}{Separator}", StringComparison.Ordinal);

    /// <summary>What stands between the name of all groups alike and that of one.</summary>
    internal const char Separator = '.';
}

/// <summary>Which data parameters learn from.</summary>
public enum LearningSplit
{
    /// <summary>The training data.</summary>
    Training,

    /// <summary>
    /// Data of their own, apart from the training data, as the architecture's parameters of a search do: they stand still while the others
    /// move, and the others while they move. For groups of a network.
    /// </summary>
    Search,
}
