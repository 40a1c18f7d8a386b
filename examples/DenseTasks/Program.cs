// Two dense tasks on one image: what each pixel shows, and how far away it is. Hard sharing, and networks in which the tasks tell
// each other what they found. The images are drawn: a red square and a blue disc before a wall, the darker the farther away.
using Plait.Data;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Training;

const long Side = 24;
torch.set_num_threads(1);
torch.manual_seed(1);
using var scope = torch.NewDisposeScope();
var tasks = new TaskSet(LearningTask.Segmentation("shape", classes: 3), LearningTask.Depth("depth"));
using var train = Draw(192);
using var test = Draw(96);

// Who always answers with the wall and the mean distance.
var wall = test.TargetOf(0).Values.eq(0).to(ScalarType.Float32).mean().item<float>();
var depths = test.TargetOf(1).Values;
var trivial = (depths - depths.mean()).square().mean().sqrt().item<float>();
Console.WriteLine($"{"constant", -10} mean IoU {wall / 3:0.000}, rmse {trivial:0.000}");

var learned = true;
foreach (var name in new[] { "hps", "pad-net", "pap-net", "psd", "mti-net", "jtrl", "dense-mtl" })
{
    var run = new RunSpecification
    {
        Network = name,
        Encoder = "tiny-resnet:width=8,stages=2,blocks=1",
        Optimizer = "adam:learning-rate=0.01",
        LearningRate = "cosine",
        Epochs = 6,
        BatchSize = 16,
    };
    using var network = run.CreateNetwork(tasks, [3, Side, Side]);
    using var batches = train.Batches(run.BatchSize, shuffleSeed: run.Seed);
    new Trainer(network, run.CreateRecipe()).Fit(batches);
    using var rows = test.Batches(32);
    var metrics = Evaluator.Evaluate(network, rows).Metrics;
    var (shape, depth) = (metrics["shape", "mean iou"], metrics["depth", "rmse"]);
    Console.WriteLine($"{name, -10} mean IoU {shape:0.000}, rmse {depth:0.000}");
    learned &= shape > 0.45 && depth < 0.8 * trivial;
}

return learned ? 0 : 1;

TensorData Draw(int rows)
{
    var (y, x) = (torch.arange(Side).view(1, -1, 1), torch.arange(Side).view(1, 1, -1));
    var square = (y - Place()).abs().maximum((x - Place()).abs()).le(4.2);
    var disc = ((y - Place()).square() + (x - Place()).square()).le(5.2 * 5.2).logical_and(square.logical_not());
    var depth = torch.where(square, Distance(), torch.where(disc, Distance(), torch.full([rows, Side, Side], 3f)));
    var (light, dim) = (3.5 - depth, (3.5 - depth) / 2);
    var image = torch.stack([torch.where(square, light, dim), dim, torch.where(disc, light, dim)], 1);
    return TensorData.Shared(
        tasks,
        image + (torch.randn_like(image) * 0.1),
        [
            TaskTarget.Of(square.to(ScalarType.Int64) + (disc.to(ScalarType.Int64) * 2)),
            TaskTarget.Of(depth.unsqueeze(1)),
        ]
    );

    Tensor Place() => (torch.rand(rows, 1, 1) * (Side - 10)) + 5;
    Tensor Distance() => (torch.rand(rows, 1, 1) * 1.5) + 1;
}
