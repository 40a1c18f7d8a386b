using Plait.Benchmarks;
using Plait.Data;
using Plait.Tasks;
using Plait.Tasks.Answers;

namespace Plait.Demonstrations;

/// <summary>Visual domains, each a task with images of its own: alphabets written by hand, and drawn gratings.</summary>
/// <remarks>
/// 36 x 36 pixels, as those of fashion-pairs, with each domain's mean and deviation over its training images taken out. Alphabets are of
/// omniglot8: ten drawings of each character to learn from, and six by other people for the test. A class of gratings is one of six
/// directions and two periods; phase and contrast vary, and there is as much noise as signal.
/// </remarks>
internal static class VisualDomains
{
    private const int Side = 36;
    private const int Directions = 6;
    private const int Periods = 2;
    private const int GratingsOfClass = 20;

    /// <summary>The training part and the test part.</summary>
    /// <param name="seed">Decides what is drawn.</param>
    /// <param name="alphabets">Tasks of omniglot8, in its order.</param>
    public static (TensorData Train, TensorData Test) Load(int seed, IReadOnlyList<string> alphabets)
    {
        using var scope = torch.NewDisposeScope();
        using var omniglot = BenchmarkCatalog.Get("omniglot8").Load();
        using var train = omniglot.Train.SelectTasks(alphabets);
        using var test = omniglot.Test.SelectTasks(alphabets);
        var tasks = new TaskSet([.. train.Tasks, LearningTask.Classification("gratings", Directions * Periods)]);
        var (drawn, classes) = Gratings(seed);
        var (others, otherClasses) = Gratings(seed + 1_000_000);
        Tensor[] inputs = [.. alphabets.Select((_, task) => Padded(train.InputOf(task))), drawn];
        Tensor[] tests = [.. alphabets.Select((_, task) => Padded(test.InputOf(task))), others];
        return (
            TensorData.PerTask(tasks, Standardised(inputs, inputs), Targets(train, classes)),
            TensorData.PerTask(tasks, Standardised(tests, inputs), Targets(test, otherClasses))
        );
    }

    private static Tensor Padded(Tensor images)
    {
        var border = (Side - images.size(-1)) / 2;
        return torch.nn.functional.pad(images, [border, border, border, border]);
    }

    private static Tensor[] Standardised(Tensor[] domains, Tensor[] like) =>
        [.. domains.Zip(like, (images, training) => (images - training.mean()) / training.std())];

    private static TaskTarget[] Targets(TensorData alphabets, Tensor gratings) =>
        [.. alphabets.Tasks.Select((_, task) => alphabets.TargetOf(task)), TaskTarget.Of(gratings)];

    private static (Tensor Images, Tensor Classes) Gratings(int seed)
    {
        torch.manual_seed(seed);
        var classes = torch.arange(Directions * Periods).repeat(GratingsOfClass);
        var angle = classes.remainder(Directions).to(ScalarType.Float32) * (Math.PI / Directions);
        var cycles = 5 + (3 * classes.div(Directions).floor()); // over the side
        var (across, down) = (
            torch.arange(Side).view(1, 1, 1, Side) / Side,
            torch.arange(Side).view(1, 1, Side, 1) / Side
        );
        var rows = classes.size(0);
        var phase = torch.rand(rows) * (2 * Math.PI);
        var contrast = 0.5 + torch.rand(rows);
        var place = (Column(angle.cos()) * across) + (Column(angle.sin()) * down);
        var waves = ((2 * Math.PI * Column(cycles) * place) + Column(phase)).sin() * Column(contrast);
        return (waves + torch.randn(rows, 1, Side, Side), classes);

        Tensor Column(Tensor ofRows) => ofRows.view(-1, 1, 1, 1);
    }
}
