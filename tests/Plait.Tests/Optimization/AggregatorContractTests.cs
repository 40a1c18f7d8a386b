using System.Reflection;
using Plait.Catalogue;
using Plait.Optimization;
using Plait.Tests.Data;
using Plait.Tests.Numerics;
using Family = Plait.Tests.Numerics.Gramians.Family;

namespace Plait.Tests.Optimization;

/// <summary>What holds of every gradient aggregator of the catalogue that needs no network, and what each says of its own updates.</summary>
[Collection("torch")]
public sealed class AggregatorContractTests
{
    /// <summary>What rounding may leave of a property that holds, and what one that does not is violated by at least once.</summary>
    private const double Rounding = 1e-7;
    private const double Violation = 1e-3;

    private static readonly Family[] WellConditioned = [Family.Typical, Family.Conflicting, Family.WithPositiveFloor];

    /// <summary>Dependent gradients of which no direction descends all; independent ones whose common direction turns round where one grows.</summary>
    private static readonly AggregatorSequence[] Told =
    [
        new([
            (
                [1, 1, 1],
                [
                    [0.75, 0.6614378],
                    [-1, 0],
                    [0.75, -0.6614378],
                ]
            ),
        ]),
        new([
            (
                [1, 1, 1],
                [
                    [1, 0, 0],
                    [0, 1, 0],
                    [0.68, 0.68, 0.27422618],
                ]
            ),
        ]),
    ];

    /// <summary>Each property, and by how much a method violates it on some gradients.</summary>
    private static readonly Dictionary<UpdateProperties, Func<string, double>> Violations = new()
    {
        [UpdateProperties.NonConflicting] = method =>
            Cases(Enum.GetValues<Family>()).Concat(Told).Max(c => Conflict(method, c)),
        [UpdateProperties.Symmetric] = method =>
            Cases(WellConditioned).Max(c => Apart(c.Updates(method), c.Reordered([1, 2, 0]).Updates(method))),
        [UpdateProperties.Homogeneous] = method =>
            Cases(WellConditioned).Max(c => Apart(c.Updates(method), c.Scaled([8, 8, 8]).Updates(method), 8)),
        [UpdateProperties.ScaleInvariant] = method =>
            Cases(WellConditioned)
                .Concat(Told)
                .Max(c => Apart(Directions(c.Updates(method)), Directions(c.Scaled([1, 16, 0.5]).Updates(method)))),
        [UpdateProperties.IdentityForOne] = method =>
            Cases(WellConditioned)
                .Max(c =>
                    Apart(
                        [.. c.Steps.Select(step => step.Rows[1])],
                        (c with { Present = _ => AggregatorSequence.Of(1) }).Updates(method)
                    )
                ),
    };

    public static TheoryData<string> Methods => [.. AggregatorSequence.Methods];

    [Theory]
    [MemberData(nameof(Methods))]
    public void Its_updates_have_the_properties_that_it_names_and_no_others(string method)
    {
        var claimed =
            AggregatorSequence.Make(method).GetType().GetCustomAttribute<UpdatesAttribute>()?.Properties
            ?? UpdateProperties.None;

        var found = Violations.Select(property => (property.Key, Violation: property.Value(method))).ToArray();

        var faults = found
            .Select(one => Fault(one.Key, one.Violation, claimed.HasFlag(one.Key)))
            .OfType<string>()
            .ToArray();
        Assert.True(faults.Length == 0, string.Join('\n', faults));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Its_updates_are_finite_whatever_the_gradients_are(string method) =>
        Assert.All(
            Cases(Enum.GetValues<Family>()),
            c =>
                Assert.All(
                    c.Updates(method),
                    (update, step) =>
                    {
                        Assert.Equal(c.Steps[step].Rows[0].Length, update.Length);
                        Assert.All(update, value => Assert.True(double.IsFinite(value)));
                    }
                )
        );

    [Theory]
    [MemberData(nameof(Methods))]
    public void Without_a_gradient_there_is_no_update(string method) =>
        Assert.All(
            AggregatorSequence.Of(Family.Typical, width: 4, seed: 1).Scaled([0, 0, 0]).Updates(method),
            update => Assert.All(update, value => Assert.Equal(0, value))
        );

    [Theory]
    [MemberData(nameof(Methods))]
    public void Single_precision_gives_what_double_precision_gives(string method)
    {
        var sequence = AggregatorSequence.Of(Family.Typical, width: 6, seed: 2);

        var single = (sequence with { Type = ScalarType.Float32 }).Updates(method);

        // A number drawn for each parameter is another one in another type.
        var drawn = Apart(sequence.Updates(method), (sequence with { Seed = 8 }).Updates(method)) > Violation;
        Assert.InRange(Apart(sequence.Updates(method), single), 0, drawn ? double.PositiveInfinity : 1e-4);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Saved_and_loaded_between_steps_of_some_of_the_tasks_it_goes_on_to_the_bit(string method)
    {
        const int Steps = 8;
        var sequence = AggregatorSequence.Of(Family.Typical, width: 5, seed: 3, Steps) with
        {
            Present = step =>
                (step % 4) switch
                {
                    1 => AggregatorSequence.Of(0, 2),
                    2 => AggregatorSequence.Of(1),
                    _ => AggregatorSequence.Of(0, 1, 2),
                },
        };
        var unbroken = sequence.Updates(method);
        foreach (var stop in new[] { 1, 3, 6 })
        {
            Assert.Equal(unbroken, (sequence with { StopAt = stop }).Updates(method));
        }

        Assert.All(unbroken.SelectMany(update => update), value => Assert.True(double.IsFinite(value)));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void It_leaves_no_tensor_behind(string method)
    {
        var sequence = AggregatorSequence.Of(Family.Typical, width: 4, seed: 4);
        sequence.Updates(method);
        var before = SmallData.CountTensors();

        sequence.Updates(method);

        Assert.Equal(before, SmallData.CountTensors());
    }

    [Fact]
    public void Only_methods_that_work_at_the_representation_need_a_network() =>
        Assert.All(
            MethodCatalog
                .Of(MethodKind.Aggregator)
                .Where(entry =>
                    !AggregatorSequence.Methods.Any(method => MethodSpecification.Parse(method).Name == entry.Name)
                ),
            entry => Assert.True(AggregatorSequence.Make(entry.Example).ReadsRepresentation, entry.Name)
        );

    private static string? Fault(UpdateProperties property, double violation, bool isClaimed) =>
        (isClaimed, violation) switch
        {
            (true, not <= Rounding) => $"[Updates] names {property}, which is violated by {violation:g2}.",
            (false, < Violation) => $"{property} seems to hold ({violation:g2}), and [Updates] does not name it.",
            _ => null,
        };

    private static AggregatorSequence[] Cases(Family[] families) =>
        [
            .. families.SelectMany(family =>
                new[] { (2, 5), (4, 6), (9, 7) }.Select(c => AggregatorSequence.Of(family, c.Item1, c.Item2))
            ),
        ];

    /// <summary>The cosine of the worst-off task with an update, below 0, as far as the size of the update's terms does not explain it.</summary>
    private static double Conflict(string method, AggregatorSequence sequence) =>
        sequence
            .Run(method)
            .Zip(
                sequence.Steps,
                (made, step) =>
                    step.Rows.Max(row =>
                        Gramians.Norm(row) * made.Terms is > 0 and var size
                            ? -Gramians.Products([row], made.Update)[0] / size
                            : 0
                    )
            )
            .Max();

    /// <summary>The largest distance between updates of a step, over their length.</summary>
    private static double Apart(double[][] expected, double[][] found, double factor = 1) =>
        expected
            .Zip(
                found,
                (one, other) =>
                {
                    double[] scaled = [.. one.Select(value => value * factor)];
                    var size = Math.Max(Gramians.Norm(scaled), Gramians.Norm(other));
                    return size == 0 ? 0 : Gramians.Norm([.. scaled.Zip(other, (a, b) => a - b)]) / size;
                }
            )
            .Max();

    private static double[][] Directions(double[][] updates) =>
        [
            .. updates.Select(update =>
                Gramians.Norm(update) is > 0 and var length ? update.Select(value => value / length).ToArray() : update
            ),
        ];
}
