// Which of nine tasks belong together? Three families are planted: the tasks of one are mixtures of the same hidden features of the
// input. Networks that learned one task each are compared, and one network of all tasks is asked what it knows for each.

using Plait.Catalogue;
using Plait.Data;
using Plait.Networks.Encoders;
using Plait.Networks.SharedTrunk;
using Plait.Relationships;
using Plait.Relationships.Embedding;
using Plait.Relationships.Transfer;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Training;

const int Families = 3;
const int Tasks = 9;
const int Inputs = 12;

torch.set_num_threads(1);
Console.WriteLine($"{"adjusted Rand index, 1 is perfect", -40}{"seed 1", 8}{"seed 2", 8}{"seed 3", 8}");
double[][] found = [.. Enumerable.Range(1, 3).Select(Measure)];
string[] methods =
[
    "rsa",
    "cka",
    "attribution",
    "attribution:by=gradient-input",
    "attribution:by=lrp",
    "depara",
    "task2vec",
    "task2vec:fisher=exact",
    "task2vec:fisher=variational",
    "task2vec, random probe",
];
for (var i = 0; i < methods.Length; i++)
{
    Console.WriteLine($"{methods[i], -40}{string.Concat(found.Select(seed => $"{seed[i], 8:F2}"))}");
}

double[] Measure(int seed)
{
    torch.manual_seed(seed);
    using var scope = torch.NewDisposeScope();
    var input = torch.randn(1024, Inputs);
    Tensor[] hidden = [.. Enumerable.Range(0, Families).Select(_ => Hidden(input))];
    var tasks = new TaskSet(Enumerable.Range(0, Tasks).Select(task => LearningTask.Regression($"task {task}")));
    using var data = TensorData.Shared(
        tasks,
        input,
        [.. Enumerable.Range(0, Tasks).Select(task => TaskTarget.Of(Mixture(hidden[task % Families])))]
    );

    HardSharing[] alone = [.. tasks.Select(task => Train(data.SelectTasks([task.Name]), seed))];
    ProbedNetwork[] networks = [.. alone.SelectMany(ProbedNetwork.Of)];
    using var together = Train(data, seed);
    using var random = new Mlp(Inputs, [32, 32]);
    string[] similarities =
    [
        "rsa",
        "cka",
        "attribution",
        "attribution:by=gradient-input",
        "attribution:by=lrp",
        "depara",
    ];
    return
    [
        .. similarities.Select(name => Recovered(MethodCatalog.Create<NetworkSimilarity>(name).Of(networks, input))),
        .. Enum.GetValues<FisherEstimate>()
            .Select(fisher => Near(new Task2Vec(fisher, steps: 100).Embed(together, data))),
        Near(new Task2Vec().Embed(random, data)),
    ];
}

Tensor Hidden(Tensor input)
{
    var directions = torch.randn(Inputs, 3);
    return input.mm(directions.div(directions.square().sum([0L], keepdim: true).sqrt())).mul(2).tanh();
}

Tensor Mixture(Tensor features)
{
    var weights = torch.rand(3, 1).add(1).mul(torch.randn(3, 1).sign());
    var mixed = features.mm(weights).squeeze(1);
    return mixed.div(mixed.std()).add(torch.randn(mixed.shape), 0.1);
}

HardSharing Train(TensorData data, int seed)
{
    var network = new HardSharing(data.Tasks, new Mlp(Inputs, [32, 32]));
    using var batches = data.Batches(128, shuffleSeed: seed);
    new Trainer(network, new Recipe { Optimizer = new AdamOptimizer(learningRate: 5e-3), Epochs = 30 }).Fit(batches);
    return network;
}

double Near(IReadOnlyList<TaskEmbedding> embeddings) => Recovered(Task2VecDistances.Affinity(embeddings));

double Recovered(AffinityMatrix affinities) =>
    AdjustedRandIndex.Of(
        [.. Enumerable.Range(0, Tasks).Select(task => task % Families)],
        Dendrogram.Of(affinities).Cut(Families)
    );
