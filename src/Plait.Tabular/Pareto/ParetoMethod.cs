using System.Globalization;
using Plait.Optimization.MultiObjective;
using Plait.Optimization.MultiObjective.ParetoFront;
using Plait.Training;

namespace Plait.Tabular.Pareto;

/// <summary>A way to points along a Pareto front: one training for each, or one network that is asked for all of them.</summary>
public sealed class ParetoMethod
{
    private readonly Func<RunSpecification, double[], int, int, RunSpecification> specify;

    private ParetoMethod(
        string name,
        string summary,
        bool isConditioned,
        string sets,
        Func<RunSpecification, double[], int, int, RunSpecification> specify
    )
    {
        Name = name;
        Summary = summary;
        IsConditioned = isConditioned;
        Sets = sets;
        this.specify = specify;
    }

    /// <summary>Every method.</summary>
    public static IReadOnlyList<ParetoMethod> All { get; } =
    [
        new(
            "ls",
            "one training a point: losses weighed by the preference",
            false,
            "weighting",
            (run, preference, _, _) => run with { Weighting = $"preference:preference={Text(preference)}" }
        ),
        new(
            "epo",
            "one training a point: equal preference times loss, on the front",
            false,
            "aggregator",
            (run, preference, _, _) => run with { Aggregator = $"epo:preference={Text(preference)}" }
        ),
        new(
            "pareto-mtl",
            "one training a point: each in a sector of the space of losses",
            false,
            "aggregator",
            (run, _, index, count) => run with { Aggregator = $"pareto-mtl:preferences={count},index={index}" }
        ),
        Conditioned("phn", "phn", "preference", null, "a hypernetwork, losses weighed by the preference"),
        Conditioned("phn-epo", "phn", null, "epo", "a hypernetwork, trained by EPO"),
        Conditioned("controllable", "phn", null, "pareto-mtl", "a hypernetwork, trained by Pareto MTL"),
        Conditioned(
            "cosmos",
            "cosmos",
            "cosmos:lambda=0.01",
            null,
            "a network that sees the preference beside its input"
        ),
        Conditioned("pamal", "pamal", "preference", null, "averages of one network for each target"),
    ];

    /// <summary>The name on the command line.</summary>
    public string Name { get; }

    /// <summary>What it does, in a few words.</summary>
    public string Summary { get; }

    /// <summary>Whether one network serves all points.</summary>
    public bool IsConditioned { get; }

    /// <summary>The parts of the recipe that it chooses itself: of network, weighting, aggregator.</summary>
    internal string Sets { get; }

    /// <summary>The method of a name.</summary>
    /// <exception cref="FormatException">There is none.</exception>
    public static ParetoMethod Parse(string name) =>
        All.FirstOrDefault(method => method.Name == name)
        ?? throw new FormatException(
            $"There is no method '{name}' to a Pareto front{Catalogue.NameSuggestion.Hint(name, All.Select(method => method.Name))}; choose from {string.Join(", ", All.Select(method => method.Name))}."
        );

    /// <summary>The preferences of some points, one share a task.</summary>
    /// <param name="tasks">How many tasks; 2 or more.</param>
    /// <param name="points">How many points at least.</param>
    internal IReadOnlyList<double[]> Preferences(int tasks, int points) =>
        Name == "pareto-mtl"
            ? [.. ParetoMtl.Rays(tasks, points).Select(ray => PreferenceVectors.OfRay(ray))]
            : PreferenceVectors.Spread(tasks, points);

    /// <summary>The recipe of a point, or of all of them.</summary>
    /// <exception cref="FormatException">The run chooses something that the method chooses itself.</exception>
    internal RunSpecification Specify(RunSpecification run, double[] preference, int index, int count)
    {
        var plain = new RunSpecification();
        Refuse("network", run.Network, plain.Network);
        Refuse("weighting", run.Weighting, plain.Weighting);
        Refuse("aggregator", run.Aggregator, plain.Aggregator);
        return specify(run, preference, index, count);
    }

    private void Refuse(string part, string given, string usual)
    {
        if (given != usual && Sets.Contains(part, StringComparison.Ordinal))
        {
            throw new FormatException(
                $"The method '{Name}' chooses the {part} itself, so '{given}' cannot be chosen beside it; leave --{part} out."
            );
        }
    }

    private static ParetoMethod Conditioned(
        string name,
        string network,
        string? weighting,
        string? aggregator,
        string summary
    ) =>
        new(
            name,
            $"one training for all points: {summary}",
            true,
            weighting is null ? "network aggregator" : "network weighting",
            (run, _, _, _) =>
                run with
                {
                    Network = network,
                    Weighting = weighting ?? run.Weighting,
                    Aggregator = aggregator ?? run.Aggregator,
                }
        );

    private static string Text(double[] preference) =>
        string.Join('/', preference.Select(share => share.ToString("R", CultureInfo.InvariantCulture)));
}
