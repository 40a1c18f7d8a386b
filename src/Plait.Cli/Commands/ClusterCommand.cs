using System.CommandLine;
using System.Diagnostics;
using Plait.Benchmarks.Vision;
using Plait.Catalogue;
using Plait.Cli.Clustering;
using Plait.Cli.Display;
using Plait.Clustering;
using Plait.Networks.Encoders;
using Plait.Torch;

namespace Plait.Cli.Commands;

/// <summary>Sorts images into clusters without a label.</summary>
internal static class ClusterCommand
{
    private static readonly ScanOptions Defaults = new();

    private static readonly Argument<string> Images = new("images")
    {
        Description = "A folder of PNG and JPEG files, or one NPY or IDX file of all images.",
    };
    private static readonly Option<int?> Clusters = CommonOptions.PositiveOrNone("--clusters", "How many; 2 or more.");
    private static readonly Option<string?> Labels = new("--labels")
    {
        Description =
            "Classes to compare with in the end: an NPY or IDX file, a text file with one a line in the order of the images, or folders, the name of each image's folder.",
        HelpName = "FILE|folders",
    };
    private static readonly Option<int> Size = CommonOptions.Positive(
        "--size",
        "With a folder: the side, in pixels, of the square that the middle of each image is brought to.",
        64
    );
    private static readonly Option<string> Encoder = new("--encoder")
    {
        Description = "The encoder that learns; `plait methods --kind encoder` lists them.",
        HelpName = "SPEC",
        DefaultValueFactory = _ => "tiny-resnet",
    };
    private static readonly Option<int> PretextEpochs = CommonOptions.Positive(
        "--pretext-epochs",
        "Passes of the pretext task.",
        Defaults.PretextEpochs
    );
    private static readonly Option<int> ClusteringEpochs = CommonOptions.Positive(
        "--clustering-epochs",
        "Passes of the clustering.",
        Defaults.ClusteringEpochs
    );
    private static readonly Option<int> LabellingEpochs = CommonOptions.Positive(
        "--self-labelling-epochs",
        "Passes in which images that are sure label themselves.",
        Defaults.SelfLabellingEpochs
    );
    private static readonly Option<int> Neighbours = CommonOptions.Positive(
        "--neighbours",
        "How many of the nearest images get an image's answer.",
        Defaults.Neighbours
    );
    private static readonly Option<int> BatchSize = CommonOptions.Positive(
        "--batch-size",
        "Images a step.",
        Defaults.BatchSize
    );
    private static readonly Option<bool> NoMirrors = new("--no-mirrors")
    {
        Description = "Do not mirror images, for signs that mean something else then.",
    };
    private static readonly Option<long> Seed = new("--seed")
    {
        Description = "Decides everything that chance does.",
        HelpName = "N",
        DefaultValueFactory = _ => 0,
    };
    private static readonly Option<string> Device = CommonOptions.Device();
    private static readonly Option<int> Threads = CommonOptions.Threads();
    private static readonly Option<string> Output = new("--output", "-o")
    {
        Description = "The CSV file for the answer.",
        HelpName = "FILE.csv",
        DefaultValueFactory = _ => "clusters.csv",
    };
    private static readonly Option<bool> Json = CommonOptions.Json();

    public static Command Create()
    {
        var command = new DescribedCommand(
            "cluster",
            """
            Sort images into clusters that mean something, without a label (SCAN).

            Examples:
              plait cluster photos/ --clusters 10 -o clusters.csv
              plait cluster photos/ --clusters 37 --labels folders --size 96 --device cuda
              plait cluster t10k-images-idx3-ubyte.gz --clusters 10 --labels t10k-labels-idx1-ubyte.gz

            The answer has a row an image: image (its path in the folder, or its number), cluster, probability. Nothing is kept of a
            training that is interrupted. With --json one object is printed:
              {images, clusters, sizes:[...], accuracy or null, majority or null, seconds, file}
            """
        )
        {
            Images,
            Clusters,
            Labels,
            Size,
            Encoder,
            PretextEpochs,
            ClusteringEpochs,
            LabellingEpochs,
            Neighbours,
            BatchSize,
            NoMirrors,
            Seed,
            Device,
            Threads,
            Output,
            Json,
        };
        command.SetAction(
            (arguments, cancel) =>
            {
                Run(arguments, cancel);
                return Task.FromResult(ExitCode.Success);
            }
        );
        return command;
    }

    private static void Run(ParseResult arguments, CancellationToken cancel)
    {
        if (arguments.GetValue(Clusters) is not (>= 2 and var count))
        {
            throw new CommandFailure("Say how many clusters there are: --clusters N, 2 or more.", ExitCode.Usage);
        }

        torch.set_num_threads(arguments.GetValue(Threads));
        var path = arguments.GetValue(Images)!;
        var display = new ClusterProgress(Terminal.Live(arguments.InvocationConfiguration, arguments.GetValue(Json)));
        using var images = Directory.Exists(path)
            ? ImageCollection.OfFolder(path, arguments.GetValue(Size), display, cancel)
            : ImageCollection.OfFile(path);
        var classes = arguments.GetValue(Labels) is { } labels ? ImageClasses.Read(labels, images.Names) : null;
        RequireEnough(images, arguments.GetValue(Neighbours), count);
        var time = Stopwatch.StartNew();
        using var scope = torch.NewDisposeScope();
        var device = Devices.Parse(arguments.GetValue(Device)!);
        var pixels = images.Images.to(device);
        using var scan = new Scan(EncoderFor(arguments, images, device), count, OptionsOf(arguments));
        scan.Fit(pixels, display, cancel);
        var probabilities = scan.Probabilities(pixels);
        var (sure, chosen) = probabilities.max(1);
        var clusters = Array.ConvertAll(chosen.cpu().data<long>().ToArray(), cluster => (int)cluster);
        var file = arguments.GetValue(Output)!;
        ClusterAnswer.WriteTable(file, images.Names, clusters, sure.cpu().data<float>().ToArray());
        var answer = ClusterAnswer.Of(clusters, count, classes, time.Elapsed, file);
        answer.Show(arguments.InvocationConfiguration.Output, arguments.GetValue(Json));
    }

    private static void RequireEnough(ImageCollection images, int neighbours, int clusters)
    {
        var count = images.Names.Count;
        if (count <= neighbours || count < clusters)
        {
            throw new CommandFailure(
                $"There are {count} images; more than --neighbours {neighbours} and at least --clusters {clusters} are needed."
            );
        }
    }

    private static Encoder EncoderFor(ParseResult arguments, ImageCollection images, Device device)
    {
        torch.manual_seed(arguments.GetValue(Seed));
        var shape = images.Images.shape[1..];
        var encoder = MethodCatalog.Create<Encoder>(
            arguments.GetValue(Encoder)!,
            shape.Aggregate(1L, (product, size) => product * size),
            shape
        );
        return (Encoder)encoder.to(device);
    }

    private static ScanOptions OptionsOf(ParseResult arguments)
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
}
