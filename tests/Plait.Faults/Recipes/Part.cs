using Plait.Catalogue;
using Plait.Training;

namespace Plait.Faults.Recipes;

/// <summary>A method of the catalogue, written so that it can be made for the three tasks of a ground.</summary>
/// <param name="Kind">What part of a run it is.</param>
/// <param name="Name">Its name.</param>
/// <param name="Text">Its name, and the options that it cannot do without.</param>
internal sealed record Part(MethodKind Kind, string Name, string Text)
{
    /// <summary>How the kind and the name are written in lists.</summary>
    public string Label => $"{Kind.ToString().ToLowerInvariant()} {Name}";

    /// <summary>A method as its example writes it.</summary>
    public static Part Of(MethodEntry entry) => new(entry.Kind, entry.Name, entry.Example);

    /// <summary>Whether methods of a kind have a place in a training at all.</summary>
    public static bool HasPlace(MethodKind kind) => kind != MethodKind.Relationship;

    /// <summary>A run with this part in it, in place of the run's own where there is one place.</summary>
    public RunSpecification Into(RunSpecification run) =>
        Kind switch
        {
            MethodKind.Architecture => run with { Network = Text },
            MethodKind.Encoder => run with { Encoder = Text },
            MethodKind.Head => run with { Head = Text },
            MethodKind.Weighting => run with { Weighting = Text },
            MethodKind.Aggregator => run with { Aggregator = Text },
            MethodKind.Schedule => run with { Schedule = Text },
            MethodKind.Optimizer => run with { Optimizer = Text },
            MethodKind.Regularizer => run with { Regularizers = [.. run.Regularizers, Text] },
            MethodKind.Auxiliary => run with { Auxiliaries = [.. run.Auxiliaries, Text] },
            MethodKind.Callback => run with { Callbacks = [.. run.Callbacks, Text] },
            _ => throw new InvalidOperationException($"Say here where a run has its {Kind}."),
        };

    /// <summary>The parts of a run, as lists write them.</summary>
    public static IEnumerable<string> LabelsOf(RunSpecification run) =>
        new (MethodKind Kind, string? Text)[]
        {
            (MethodKind.Architecture, run.Network),
            (MethodKind.Encoder, run.Encoder),
            (MethodKind.Head, run.Head),
            (MethodKind.Weighting, run.Weighting),
            (MethodKind.Aggregator, run.Aggregator),
            (MethodKind.Schedule, run.Schedule),
            (MethodKind.Optimizer, run.Optimizer),
        }
            .Concat(run.Regularizers.Select(text => (Kind: MethodKind.Regularizer, Text: (string?)text)))
            .Concat(run.Auxiliaries.Select(text => (Kind: MethodKind.Auxiliary, Text: (string?)text)))
            .Concat(run.Callbacks.Select(text => (Kind: MethodKind.Callback, Text: (string?)text)))
            .Where(place => place.Text is not null)
            .Select(place => new Part(place.Kind, MethodSpecification.Parse(place.Text!).Name, place.Text!).Label);
}
