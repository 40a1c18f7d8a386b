using System.Text.Json;
using System.Text.Json.Serialization;
using Plait.Tabular.Models;

namespace Plait.Tabular.Pareto;

/// <summary>A Pareto front to be trained on a table, described as data.</summary>
public sealed record ParetoJob
{
    /// <summary>Table, targets, network and recipe; its model folder and what the method chooses itself do not count.</summary>
    public required TabularJob Training { get; init; }

    /// <summary>The name of a <see cref="ParetoMethod"/>.</summary>
    public required string Method { get; init; }

    /// <summary>How many points at least; for three targets or more the next number that a lattice has. 1 or more.</summary>
    public int Points { get; init; } = 5;

    /// <summary>The losses, one a target, that the hypervolume is measured against; null for those of guessing without looking at the row.</summary>
    public IReadOnlyList<double>? Reference { get; init; }
}

/// <summary>A point of a front.</summary>
/// <param name="Model">The name of its model's folder.</param>
/// <param name="Preference">One share a target, with sum 1: how much it matters.</param>
/// <param name="Losses">One loss a target, on the validation rows, or without any on those that were learned from: what points are compared by.</param>
/// <param name="Targets">Metrics on the test rows; empty without test rows.</param>
public sealed record ParetoPoint(
    string Model,
    IReadOnlyList<double> Preference,
    IReadOnlyList<double> Losses,
    IReadOnlyList<TargetReport> Targets
);

/// <summary>A front: what its folder says of it, whole or as far as it is trained.</summary>
public sealed record ParetoFront
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>What was to be done, and with which table; another job does not go on with this front.</summary>
    public required string Job { get; init; }

    /// <summary>The method's name.</summary>
    public required string Method { get; init; }

    /// <summary>The targets.</summary>
    public required IReadOnlyList<string> Tasks { get; init; }

    /// <summary>The losses that the hypervolume is measured against.</summary>
    public required IReadOnlyList<double> Reference { get; init; }

    /// <summary>The points that are trained.</summary>
    public IReadOnlyList<ParetoPoint> Points { get; init; } = [];

    /// <summary>The losses of all points.</summary>
    internal IReadOnlyList<double[]> Losses => [.. Points.Select(point => point.Losses.ToArray())];

    /// <summary>The share of the space below <see cref="Reference"/> that the points dominate, times its volume.</summary>
    [JsonIgnore]
    public double Hypervolume => Optimization.MultiObjective.ParetoFront.Hypervolume.Of(Losses, Reference.ToArray());

    /// <summary>How unevenly the points that are not dominated lie; NaN for one.</summary>
    [JsonIgnore]
    public double Spacing =>
        Optimization.MultiObjective.ParetoFront.Spacing.Of([.. NonDominated.Select(place => Losses[place])]);

    /// <summary>The places of the points that no other dominates.</summary>
    [JsonIgnore]
    public IReadOnlyList<int> NonDominated => Optimization.MultiObjective.ParetoFront.Dominance.NonDominated(Losses);

    internal string ToJson() => JsonSerializer.Serialize(this, Json);

    internal static ParetoFront FromJson(string json) =>
        JsonSerializer.Deserialize<ParetoFront>(json, Json) ?? throw new JsonException();
}
