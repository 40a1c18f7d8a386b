using Plait.Jobs.Runs;

namespace Plait.Jobs.Plans;

/// <summary>A plan that a store keeps as one run, its trainings as the run's children: it can be written down, and says what the trainings came to.</summary>
public interface IStoredPlan : IJobPlan
{
    /// <summary>What kind of run it is.</summary>
    RunKind Kind { get; }

    /// <summary>What people call the data.</summary>
    string DataName { get; }

    /// <summary>Whether it makes something of the trainings that went well where others failed; such a run can be resumed all the same.</summary>
    bool AllowsFailures => false;

    /// <summary>The plan as JSON.</summary>
    string ToJson();

    /// <summary>What the trainings came to, as JSON.</summary>
    /// <param name="ended">
    /// All trainings in the plan's order; where it <see cref="AllowsFailures"/> and there are some, those of the stages that were begun.
    /// </param>
    /// <param name="folder">The run's folder, for what the plan keeps beside it.</param>
    string Conclude(IReadOnlyList<EndedJob> ended, string folder);
}
