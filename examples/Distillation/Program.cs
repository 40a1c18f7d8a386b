// Knowledge distillation: two single-task teachers learn from many labels, are saved and loaded again, and teach one small
// network for both tasks that has 32 labels of its own. Data come from a random plane, so there is nothing to download.
using Plait.Data;
using Plait.Optimization;
using Plait.Optimization.Distillation;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Training;

const int inputs = 8;
torch.set_num_threads(1);
using var scope = torch.NewDisposeScope();
var tasks = new TaskSet(LearningTask.Classification("quadrant", classes: 4), LearningTask.Regression("bump"));
var map = torch.linalg.qr(torch.randn(inputs, 2, generator: new torch.Generator(99, torch.CPU))).Q;
using var many = Rows(2048, labels: 2048, seed: 1);
using var few = Rows(1024, labels: 32, seed: 2);
using var test = Rows(1024, labels: 1024, seed: 3);
var folder = Directory.CreateTempSubdirectory("plait-teachers-");

// A teacher is a network that was trained as any other: a specification and a file.
var large = new RunSpecification
{
    Encoder = "mlp:widths=64-32",
    Optimizer = "adam:learning-rate=0.01",
    Epochs = 30,
};
foreach (var task in tasks)
{
    using var own = many.SelectTasks([task.Name]);
    using var network = large.CreateNetwork(own.Tasks, [inputs]);
    Train(network, own, large.CreateRecipe());
    NetworkState.Save(network, Path.Combine(folder.FullName, $"{task.Name}.safetensors"));
}

using var teachers = Teachers.Of(
    tasks.Select(task =>
        large.LoadNetwork(new TaskSet(task), [inputs], Path.Combine(folder.FullName, $"{task.Name}.safetensors"))
    )
);
folder.Delete(recursive: true);

var small = large with { Encoder = "mlp:widths=32-16" };
var alone = Student("32 labels alone");
var soft = Student("soft-targets", new SoftTargets(teachers));
Student("teacher-annealing", new TeacherAnnealing(teachers));
Student("mt-dnn-kd", new MtDnnDistillation(teachers));
Student("mt-dnn-kd + features", new MtDnnDistillation(teachers), new FeatureDistillation(teachers));
return soft > alone ? 0 : 1;

double Student(string name, params AuxiliaryLoss[] auxiliaries)
{
    using var network = small.CreateNetwork(tasks, [inputs]);
    Train(network, few, small.CreateRecipe() with { Auxiliaries = auxiliaries });
    using var source = test.Batches(1024);
    var metrics = Evaluator.Evaluate(network, source).Metrics;
    Console.WriteLine(
        $"{name, -21} accuracy {metrics["quadrant", "accuracy"]:0.000}, mse {metrics["bump", "mse"]:0.000}"
    );
    return metrics["quadrant", "accuracy"];
}

void Train(Plait.Networks.MultiTaskNetwork network, TensorData data, Recipe recipe)
{
    using var source = data.Batches(128, shuffleSeed: 4);
    new Trainer(network, recipe).Fit(source);
}

TensorData Rows(int rows, int labels, ulong seed)
{
    var input = torch.randn(rows, inputs, generator: new torch.Generator(seed, torch.CPU));
    var plane = input.mm(map); // [rows, 2]
    var (x, y) = (plane.select(1, 0), plane.select(1, 1));
    var quadrant = x.gt(0).to(ScalarType.Int64) * 2 + y.gt(0).to(ScalarType.Int64);
    var present = torch.arange(rows).lt(labels);
    return TensorData.Shared(
        tasks,
        input,
        [TaskTarget.FromRaw(quadrant, present), TaskTarget.FromRaw((x * 2).sin() + (x * y), present)]
    );
}
