using System.Reflection;
using Plait.Catalogue;
using Plait.Data;
using Plait.Networks.Encoders;
using Plait.Training;

namespace Plait.Faults.Recipes;

/// <summary>For each method of the catalogue the simplest run that takes it, or why none does.</summary>
internal sealed class PartHomes
{
    /// <summary>Networks in which the others are tried, before all the rest: a shared trunk, none, and shared parts beside private ones.</summary>
    private static readonly string[] FirstNetworks = ["hps", "single-task", "cgc"];

    private readonly Dictionary<Part, (Ground Ground, RunSpecification Run)> homes = [];
    private readonly Dictionary<string, string> refusals = new(StringComparer.Ordinal);

    private PartHomes() { }

    /// <summary>Where each part is at home, in the catalogue's order.</summary>
    public IReadOnlyDictionary<Part, (Ground Ground, RunSpecification Run)> Homes => homes;

    /// <summary>What no run takes, with the reason that the last one gave.</summary>
    public IReadOnlyDictionary<string, string> Refusals => refusals;

    public static PartHomes Find()
    {
        var found = new PartHomes();
        foreach (var entry in MethodCatalog.All)
        {
            found.Settle(entry);
        }

        return found;
    }

    /// <summary>A short run on a ground, with nothing special in it.</summary>
    public static RunSpecification Plain(Ground ground) =>
        new()
        {
            Encoder = GroundData.EncoderOf(ground),
            Epochs = 4,
            BatchSize = 12,
            Seed = 1,
        };

    private void Settle(MethodEntry entry)
    {
        if (!Part.HasPlace(entry.Kind) || !ReadsImages(entry))
        {
            return; // no training has it, or no data here
        }

        var part = Part.Of(entry);
        string? last = null;
        foreach (var (ground, network) in Places(entry.Kind))
        {
            var run = part.Into(Plain(ground) with { Network = network });
            last = Trial.Refusal(ground, run);
            if (last is null)
            {
                homes.Add(part, (ground, run));
                return;
            }
        }

        refusals.Add(part.Label, last!);
    }

    /// <summary>Whether it reads the images that some grounds have: of all that is not an encoder too.</summary>
    private static bool ReadsImages(MethodEntry entry) =>
        entry.Type.GetCustomAttribute<ReadsAttribute>()?.Inputs.Contains(typeof(ImageInput)) != false;

    private static IEnumerable<(Ground Ground, string Network)> Places(MethodKind kind) =>
        kind switch
        {
            MethodKind.Architecture => [(Ground.Vectors, "hps"), (Ground.Maps, "hps")],
            MethodKind.Encoder => [(Ground.Maps, "hps"), (Ground.Images, "hps")],
            MethodKind.Head => [(Ground.Maps, "hps")],
            _ => FirstNetworks
                .Union(MethodCatalog.Of(MethodKind.Architecture).Select(entry => entry.Name))
                .Select(network => (Ground.Vectors, network)),
        };
}
