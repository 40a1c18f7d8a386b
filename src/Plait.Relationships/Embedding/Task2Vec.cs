using Plait.Catalogue;
using Plait.Data;
using Plait.Networks;
using Plait.Networks.Encoders;
using Plait.Numerics;
using Plait.Relationships.Transfer;
using Plait.Tasks;

namespace Plait.Relationships.Embedding;

/// <summary>Embeds tasks by what they ask of one fixed network: the Fisher information of its weights.</summary>
/// <remarks>
/// Achille et al. 2019, section 2. The probe's features are frozen; each task gets a linear head on them, and the diagonal of the Fisher
/// information of the probe's own weights, for that head's outputs, is averaged over each unit or filter. All tasks thus become points of one
/// space, whatever their labels are. Where the paper trains the head by ten epochs of Adam, the head here is the minimum of its convex
/// loss. Tasks of numbers, which the paper does not have, take a normal distribution with the variance that the head leaves.
/// </remarks>
[MethodKind(MethodKind.Relationship)]
[Method(
    "task2vec",
    Survey = "4.3",
    Paper = "Achille et al. 2019, Task2Vec: Task Embedding for Meta-Learning",
    Arxiv = "1902.03545",
    Summary = "Embeds each task by the Fisher information of a probe network's weights."
)]
public sealed class Task2Vec
{
    private readonly FisherEstimate fisher;
    private readonly int rows;
    private readonly int draws;
    private readonly double weightDecay;
    private readonly double? beta;
    private readonly int steps;
    private readonly long seed;

    /// <summary>Sets the options.</summary>
    /// <param name="fisher">How the information is found.</param>
    /// <param name="rows">The most rows of a task that are looked at, evenly over its data; 10,000 in the authors' code.</param>
    /// <param name="draws">Labels drawn for each row, for the Monte-Carlo estimate; 1 or more.</param>
    /// <param name="weightDecay">Of the linear heads, 0 or more; 1e-4 in the authors' code.</param>
    /// <param name="beta">What the price of little noise is multiplied by, for the variational estimate, above 0; 1e-7 in the authors' code. Null for 1 / rows, with which the noise is the posterior's; less than 1e-6 is lost in single precision.</param>
    /// <param name="steps">Batches that the noise is learned on, for the variational estimate.</param>
    /// <param name="seed">Draws labels and noise.</param>
    public Task2Vec(
        FisherEstimate fisher = FisherEstimate.MonteCarlo,
        int rows = 10_000,
        int draws = 1,
        double weightDecay = 1e-4,
        double? beta = null,
        int steps = 200,
        long seed = 0
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(weightDecay);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(beta ?? 1, nameof(beta));
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        this.fisher = fisher;
        this.rows = rows;
        this.draws = draws;
        this.weightDecay = weightDecay;
        this.beta = beta;
        this.steps = steps;
        this.seed = seed;
    }

    /// <summary>Embeds every task of a data set.</summary>
    /// <param name="probe">A network, trained on whatever tasks or random, whose heads all read one encoder, such as hps. It stays as it is.</param>
    /// <param name="data">Inputs that the probe reads, with labels; rows without a label of a task are left out for it.</param>
    /// <returns>One a task, in the order of the data's tasks.</returns>
    /// <exception cref="NotSupportedException">The probe's heads read several encoders, it reads rows of no one shape, or a task wants one output a pixel or a step or has no likelihood.</exception>
    /// <exception cref="ArgumentException">A task has no label at all.</exception>
    public IReadOnlyList<TaskEmbedding> Embed(MultiTaskNetwork probe, TensorData data)
    {
        ArgumentNullException.ThrowIfNull(probe);
        var encoder = probe.EncoderOf(0);
        return
            encoder is not null
            && Enumerable.Range(1, probe.Tasks.Count - 1).All(task => ReferenceEquals(probe.EncoderOf(task), encoder))
            ? Embed(encoder, data)
            : throw new NotSupportedException(
                $"A probe has one encoder that all heads read; {probe.GetName()} has several, or none. Use hps."
            );
    }

    /// <summary>Embeds every task of a data set. See <see cref="Embed(MultiTaskNetwork, TensorData)"/>.</summary>
    /// <param name="probe">The encoder. It stays as it is.</param>
    /// <param name="data">Inputs that the probe reads, with labels.</param>
    public IReadOnlyList<TaskEmbedding> Embed(Encoder probe, TensorData data)
    {
        ArgumentNullException.ThrowIfNull(probe);
        ArgumentNullException.ThrowIfNull(data);
        if (probe.Input.Shape is null)
        {
            throw new NotSupportedException(
                $"A probe is looked at layer by layer, for rows of one shape; {probe.GetName()} reads {probe.Input}. Use an encoder such as mlp."
            );
        }

        Require(data.Tasks);
        using var mode = new EvaluationMode(probe);
        return [.. data.Tasks.Select((_, task) => Embed(probe, data, task))];
    }

    /// <summary>Refuses tasks that have no embedding, before anything is trained for it.</summary>
    /// <exception cref="NotSupportedException">A task's outputs stand for no distribution of targets.</exception>
    public static void Require(TaskSet tasks)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        if (tasks.FirstOrDefault(task => !task.Answer.HasLikelihood) is { } mute)
        {
            throw new NotSupportedException(
                $"Task2Vec reads the likelihood of labels, and the outputs of task '{mute.Name}', a {mute.Answer.Kind}, stand for none; leave the task out, or compare networks by another measure, such as rsa."
            );
        }
    }

    private TaskEmbedding Embed(Encoder probe, TensorData data, int place)
    {
        using var scope = torch.NewDisposeScope();
        var task = data.Tasks[place];
        data.InputSpecOf(place).RequireShape("The probes of Task2Vec");
        using var chosen = Choose(data, task);
        var (input, target) = (chosen.InputOf(0), chosen.TargetOf(0));
        if (probe.parameters().FirstOrDefault() is { } parameter)
        {
            input = input.to(parameter.device);
        }

        Tensor features;
        using (torch.no_grad())
        {
            features = new ProbedNetwork(task.Name, probe.Stages).Look(
                input,
                part => probe.FlatFeatures(part).to(ScalarType.Float64)
            );
        }

        var labels = target.MapAll(tensor => tensor.cpu());
        var counts = labels.Weights?.mul(labels.PresentCount / labels.WeightSum) ?? labels.Present; // 1 in the mean
        var head = LinearHead.Fit(task, features, labels, weightDecay);
        var likelihood = task.Answer.LikelihoodOf(head.Of(features), labels);
        var ownSeed = Seeds.Derive(seed, place);
        var (information, prior) =
            fisher == FisherEstimate.Variational
                ? VariationalFisher.Of(probe, Cost, input, beta ?? (1.0 / input.size(0)), steps, ownSeed)
                : MonteCarlo(ownSeed);
        return new TaskEmbedding(task.Name, [.. information.SelectMany(l => l)], [.. prior.SelectMany(l => l)]);

        (double[][], double[][]) MonteCarlo(long seedOfTask)
        {
            using var generator = new torch.Generator((ulong)seedOfTask, torch.CPU);
            // Scores are squared, so that the root of a weight weighs.
            var factors = counts?.sqrt().reshape(input.size(0), -1).to(input.device);
            var count = fisher == FisherEstimate.Exact ? 0 : draws;
            var found = MonteCarloFisher.Of(probe, head, likelihood, input, factors, count, generator);
            return (found, PriorOf(probe, input.size(0)));
        }

        Tensor Cost(Tensor noisy, Tensor ofRows)
        {
            var rowsOnHost = ofRows.cpu();
            var each = likelihood.Cost(head.Of(noisy), labels.Values.index_select(0, rowsOnHost).to(noisy.device));
            return (counts is null ? each : each * counts.index_select(0, rowsOnHost).to(noisy.device))
                .sum()
                .div(ofRows.size(0));
        }
    }

    /// <summary>The rows of a task that have a label, thinned out to the most that are wanted.</summary>
    private TensorData Choose(TensorData data, LearningTask task)
    {
        var labelled = data.SelectTasks([task.Name], dropUnlabelled: true);
        var count = labelled.RowsOf(0);
        if (count == 0)
        {
            labelled.Dispose();
            throw new ArgumentException($"Task '{task.Name}' has no label in any row.", nameof(data));
        }

        if (count <= rows)
        {
            return labelled;
        }

        long[] evenly = [.. Enumerable.Range(0, rows).Select(row => row * count / rows)];
        using (labelled)
        {
            return labelled.Subset(evenly);
        }
    }

    /// <summary>What a prior as wide as a layer's weights says of each of them, as a share of one row.</summary>
    private static double[][] PriorOf(Encoder probe, long rows) =>
        [
            .. MonteCarloFisher
                .Weights(probe)
                .Select(weight =>
                    Enumerable
                        .Repeat(1 / (rows * VariationalFisher.PriorVariance(weight)), (int)weight.size(0))
                        .ToArray()
                ),
        ];
}
