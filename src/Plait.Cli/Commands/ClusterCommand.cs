using System.CommandLine;
using System.Diagnostics;
using Plait.Benchmarks.Vision;
using Plait.Cli.Arguments;
using Plait.Cli.Clustering;
using Plait.Cli.Display;
using Plait.Clustering;
using Plait.Torch;

namespace Plait.Cli.Commands;

/// <summary>Sorts images into clusters without a label.</summary>
internal static class ClusterCommand
{
    private static readonly Argument<string> Images = new("images")
    {
        Description = "A folder of PNG and JPEG files, or one NPY or IDX file of all images.",
    };
    private static readonly Option<int?> Clusters = new Option<int?>("--clusters")
    {
        Description = "How many; 2 or more.",
        HelpName = "N",
    }.Require(n => n is null or >= 2, "a whole number from 2");
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
            Device,
            Threads,
            Output,
            Json,
        };
        ClusterOptions.AddTo(command);
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
        if (arguments.GetValue(Clusters) is not { } count)
        {
            throw new CommandFailure("Say how many clusters there are: --clusters N, 2 or more.", ExitCode.Usage);
        }

        var configuration = arguments.InvocationConfiguration;
        var options = ClusterOptions.Of(arguments);
        torch.set_num_threads(arguments.GetValue(Threads));
        var display = new ClusterProgress(Terminal.Live(configuration, arguments.GetValue(Json)));
        RequireThere(arguments.GetValue(Images)!);
        var file = OutputFile.PathOf(arguments.GetValue(Output)!);
        using var images = Read(arguments, display, cancel);
        RequireEnough(images, options.Neighbours, count);
        var classes = arguments.GetValue(Labels) is { } labels ? ImageClasses.Read(labels, images.Names) : null;
        foreach (var note in ClusterNotes.On(images))
        {
            configuration.Warn(note);
        }

        var time = Stopwatch.StartNew();
        using var scope = torch.NewDisposeScope();
        var device = Devices.Parse(arguments.GetValue(Device)!);
        var pixels = images.Images.to(device);
        using var scan = new Scan(
            ClusterOptions.EncoderFor(arguments, images.Images.shape[1..], device),
            count,
            options
        );
        scan.Fit(pixels, display, cancel);
        var probabilities = scan.Probabilities(pixels);
        var (sure, chosen) = probabilities.max(1);
        var clusters = Array.ConvertAll(chosen.cpu().data<long>().ToArray(), cluster => (int)cluster);
        ClusterAnswer.WriteTable(file, images.Names, clusters, sure.cpu().data<float>().ToArray());
        var answer = ClusterAnswer.Of(clusters, count, classes, time.Elapsed, file);
        if (ClusterNotes.On(answer.Sizes) is { } empty)
        {
            configuration.Warn(empty);
        }

        answer.Show(configuration.Output, arguments.GetValue(Json));
    }

    private static ImageCollection Read(ParseResult arguments, ClusterProgress display, CancellationToken cancel)
    {
        var path = arguments.GetValue(Images)!;
        if (Directory.Exists(path))
        {
            return ImageCollection.OfFolder(path, arguments.GetValue(Size), display, cancel);
        }

        CommonOptions.RequireNone(arguments, "an NPY or IDX file", [Size]);
        return ImageCollection.OfFile(path);
    }

    private static void RequireThere(string path)
    {
        if (!Path.Exists(path))
        {
            throw new CommandFailure($"{path}: there is no such folder or file.");
        }
    }

    private static void RequireEnough(ImageCollection images, int neighbours, int clusters)
    {
        var count = images.Names.Count;
        if (count <= neighbours || count < clusters)
        {
            throw new CommandFailure(
                $"There {(count == 1 ? "is 1 image" : $"are {count} images")}; more than --neighbours {neighbours} and at least --clusters {clusters} are needed.",
                ExitCode.Usage
            );
        }
    }
}
