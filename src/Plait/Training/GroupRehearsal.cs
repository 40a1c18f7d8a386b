using Plait.Data;
using Plait.Optimization;
using Plait.Tasks;
using Plait.Tasks.Answers;

namespace Plait.Training;

/// <summary>Tells wrong names of groups of parameters before any data are read, on a network of the same make.</summary>
internal static class GroupRehearsal
{
    private const long Inputs = 4;

    /// <summary>Refuses settings that mean no group of such a network, and nothing else: the rest is told by whoever knows the data.</summary>
    /// <param name="run">What is to be trained.</param>
    /// <param name="tasks">The names of the tasks, whatever their kinds.</param>
    /// <exception cref="FormatException">There is no such group, or a method or an option is unknown.</exception>
    public static void Require(RunSpecification run, IReadOnlyList<string> tasks)
    {
        if (run.Groups.Count == 0 || run.NeedsTeachers)
        {
            return;
        }

        var recipe = run.CreateRecipe();
        if (FaultOf(run with { Device = "cpu", EncoderWeights = null }, recipe, tasks) is { } fault)
        {
            throw new FormatException(fault);
        }
    }

    private static string? FaultOf(RunSpecification run, Recipe recipe, IReadOnlyList<string> tasks)
    {
        try
        {
            var set = new TaskSet(tasks.Select(task => LearningTask.Regression(task)));
            using var network = run.CreateNetwork(set, [Inputs]);
            var sizes = new DataSizes(set, [.. tasks.Select(_ => 1L)], [.. tasks.Select(_ => 1)]);
            foreach (var (_, part) in recipe.Parts)
            {
                part.Begin(new TrainingContext(network, sizes));
            }

            return RunGroups.FaultOf(recipe, network.ParameterGroups);
        }
        catch (Exception other) when (other is ArgumentException or InvalidOperationException or NotSupportedException)
        {
            return null; // of tasks or inputs that are not the real ones
        }
    }
}
