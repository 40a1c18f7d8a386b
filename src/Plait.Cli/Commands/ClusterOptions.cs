using System.CommandLine;
using Plait.Catalogue;
using Plait.Clustering;
using Plait.Networks.Encoders;

namespace Plait.Cli.Commands;

/// <summary>The options of <c>plait cluster</c> that say how it learns.</summary>
internal static class ClusterOptions
{
    private static readonly ScanOptions Defaults = new();

    private static readonly Option<string> EncoderSpec = new("--encoder")
    {
        Description = "The encoder that learns; `plait methods --kind encoder` lists them.",
        HelpName = "SPEC",
        DefaultValueFactory = _ => "tiny-resnet",
    };
    private static readonly Option<int> PretextEpochs = CommonOptions.From(
        0,
        "--pretext-epochs",
        "Passes of the pretext task.",
        Defaults.PretextEpochs
    );
    private static readonly Option<int> ClusteringEpochs = CommonOptions.From(
        0,
        "--clustering-epochs",
        "Passes of the clustering.",
        Defaults.ClusteringEpochs
    );
    private static readonly Option<int> LabellingEpochs = CommonOptions.From(
        0,
        "--self-labelling-epochs",
        "Passes in which images that are sure label themselves; 0 leaves them out.",
        Defaults.SelfLabellingEpochs
    );
    private static readonly Option<int> Neighbours = CommonOptions.Positive(
        "--neighbours",
        "How many of the nearest images get an image's answer.",
        Defaults.Neighbours
    );
    private static readonly Option<int> BatchSize = CommonOptions.From(
        2,
        "--batch-size",
        "Images a step.",
        Defaults.BatchSize
    );
    private static readonly Option<bool> NoMirrors = new("--no-mirrors")
    {
        Description = "Do not mirror images, for signs that mean something else then.",
    };
    private static readonly Option<long> Seed = CommonOptions.Seed("Decides everything that chance does.");

    /// <summary>Adds them to the command.</summary>
    public static void AddTo(Command command)
    {
        foreach (
            var option in new Option[]
            {
                EncoderSpec,
                PretextEpochs,
                ClusteringEpochs,
                LabellingEpochs,
                Neighbours,
                BatchSize,
                NoMirrors,
                Seed,
            }
        )
        {
            command.Add(option);
        }
    }

    /// <summary>What they say.</summary>
    public static ScanOptions Of(ParseResult arguments)
    {
        var mirrors = !arguments.GetValue(NoMirrors);
        return Defaults with
        {
            Views = Defaults.Views with { Mirrors = mirrors },
            StrongViews = Defaults.StrongViews with { Mirrors = mirrors },
            PretextEpochs = arguments.GetValue(PretextEpochs),
            ClusteringEpochs = arguments.GetValue(ClusteringEpochs),
            SelfLabellingEpochs = arguments.GetValue(LabellingEpochs),
            Neighbours = arguments.GetValue(Neighbours),
            BatchSize = arguments.GetValue(BatchSize),
            Seed = arguments.GetValue(Seed),
        };
    }

    /// <summary>The encoder that they name.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="shape">Of an image: channels, height, width.</param>
    /// <param name="device">Where it computes.</param>
    public static Encoder EncoderFor(ParseResult arguments, long[] shape, Device device)
    {
        torch.manual_seed(arguments.GetValue(Seed));
        var width = shape.Aggregate(1L, (product, size) => product * size);
        return (Encoder)MethodCatalog.Create<Encoder>(arguments.GetValue(EncoderSpec)!, width, shape).to(device);
    }
}
