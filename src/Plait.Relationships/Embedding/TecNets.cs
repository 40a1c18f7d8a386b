using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Relationships.Embedding;

/// <summary>Embeds a task as a sentence made of a few demonstrations, and controls by it: a task never seen takes no training.</summary>
/// <remarks>
/// <para>James, Bloesch and Davison 2018, <i>Task-Embedded Control Networks for Few-Shot Imitation Learning</i>, algorithm 1. The
/// sentence of a task is the mean of the unit embeddings of its demonstrations, at unit length again. A query's embedding q of task
/// j shall be closer to its own sentence than to any other by a margin: max(0, margin - q·s_j + q·s_i) for each i other than j.
/// The control network imitates the demonstrated actions given observation and support sentence, on support and on query.</para>
/// <para>The parts are means, as in the authors' code, so that their weights do not depend on how many tasks an episode has. The
/// paper embeds the first and the last image of a demonstration, without the actions; what the embedder reads is its own affair: it
/// gets whole demonstrations, [demonstrations, steps, observations + actions].</para>
/// </remarks>
public sealed class TecNets : Module
{
    private readonly Module<Tensor, Tensor> embedder;
    private readonly Module<Tensor, Tensor> controller;
    private readonly double margin;
    private readonly double embeddingWeight;
    private readonly double supportWeight;
    private readonly double queryWeight;

    /// <summary>Puts the two networks together, which are now owned by this one.</summary>
    /// <param name="embedder">From [demonstrations, steps, observations + actions] to [demonstrations, embedding].</param>
    /// <param name="controller">From [rows, observations + embedding] to [rows, actions].</param>
    /// <param name="margin">Of cosines, above 0; the authors' 0.1.</param>
    /// <param name="embeddingWeight">Of the embedding loss, 0 or more. The authors' code takes 1 unless told otherwise, as for the next two.</param>
    /// <param name="supportWeight">Of the control loss on the support.</param>
    /// <param name="queryWeight">Of the control loss on the query.</param>
    public TecNets(
        Module<Tensor, Tensor> embedder,
        Module<Tensor, Tensor> controller,
        double margin = 0.1,
        double embeddingWeight = 1,
        double supportWeight = 1,
        double queryWeight = 1
    )
        : base(nameof(TecNets))
    {
        ArgumentNullException.ThrowIfNull(embedder);
        ArgumentNullException.ThrowIfNull(controller);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(margin);
        ArgumentOutOfRangeException.ThrowIfNegative(embeddingWeight);
        ArgumentOutOfRangeException.ThrowIfNegative(supportWeight);
        ArgumentOutOfRangeException.ThrowIfNegative(queryWeight);
        (this.embedder, this.controller, this.margin) = (embedder, controller, margin);
        (this.embeddingWeight, this.supportWeight, this.queryWeight) = (embeddingWeight, supportWeight, queryWeight);
        RegisterComponents();
    }

    /// <summary>Networks of fully connected layers.</summary>
    /// <param name="steps">Of a demonstration.</param>
    /// <param name="observations">Numbers seen at a step.</param>
    /// <param name="actions">Numbers done at a step.</param>
    /// <param name="embedding">The width of sentences; the authors' 20.</param>
    /// <param name="widths">Hidden widths of both networks; 64 and 64 when null.</param>
    /// <param name="margin">Of cosines, above 0.</param>
    /// <param name="embeddingWeight">Of the embedding loss, 0 or more.</param>
    /// <param name="supportWeight">Of the control loss on the support.</param>
    /// <param name="queryWeight">Of the control loss on the query.</param>
    public static TecNets Mlp(
        long steps,
        long observations,
        long actions,
        long embedding = 20,
        int[]? widths = null,
        double margin = 0.1,
        double embeddingWeight = 1,
        double supportWeight = 1,
        double queryWeight = 1
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(steps);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(observations);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(actions);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(embedding);
        return new TecNets(
            Layers(steps * (observations + actions), embedding, widths ?? [64, 64]),
            Layers(observations + embedding, actions, widths ?? [64, 64]),
            margin,
            embeddingWeight,
            supportWeight,
            queryWeight
        );
    }

    /// <summary>The sentence of each task.</summary>
    /// <param name="observations">[tasks, demonstrations, steps, observations], one demonstration or more.</param>
    /// <param name="actions">[tasks, demonstrations, steps, actions].</param>
    /// <returns>[tasks, embedding], rows of unit length.</returns>
    public Tensor Sentence(Tensor observations, Tensor actions)
    {
        using var scope = torch.NewDisposeScope();
        return Unit(Embed(observations, actions).mean([1])).MoveToOuterDisposeScope();
    }

    /// <summary>What to do.</summary>
    /// <param name="observations">[tasks, rows, observations].</param>
    /// <param name="sentences">[tasks, embedding], from <see cref="Sentence"/>.</param>
    /// <returns>[tasks, rows, actions].</returns>
    public Tensor Act(Tensor observations, Tensor sentences)
    {
        ArgumentNullException.ThrowIfNull(observations);
        ArgumentNullException.ThrowIfNull(sentences);
        using var scope = torch.NewDisposeScope();
        var (tasks, rows) = (observations.size(0), observations.size(1));
        var told = sentences.unsqueeze(1).expand(tasks, rows, sentences.size(1));
        var actions = controller.call(torch.cat([observations, told], 2).flatten(0, 1));
        return actions.view(tasks, rows, -1).MoveToOuterDisposeScope();
    }

    /// <summary>The loss of an episode.</summary>
    /// <param name="episode">Of two tasks or more.</param>
    /// <exception cref="ArgumentException">There is one task alone, or the shapes do not fit.</exception>
    public TecNetsLoss Loss(TaskDemonstrations episode)
    {
        ArgumentNullException.ThrowIfNull(episode);
        episode.Require();
        if (episode.Tasks < 2)
        {
            throw new ArgumentException(
                "An episode of one task has no other to be told from; give two or more.",
                nameof(episode)
            );
        }

        using var scope = torch.NewDisposeScope();
        var sentences = Sentence(episode.SupportObservations, episode.SupportActions);
        var queries = Embed(episode.QueryObservations, episode.QueryActions);
        var embedding = MarginLoss(queries, sentences, margin);
        var support = Imitation(episode.SupportObservations, episode.SupportActions, sentences);
        var query = Imitation(episode.QueryObservations, episode.QueryActions, sentences);
        var total = embedding.mul(embeddingWeight).add(support.mul(supportWeight)).add(query.mul(queryWeight));
        return new TecNetsLoss(
            total.MoveToOuterDisposeScope(),
            embedding.MoveToOuterDisposeScope(),
            support.MoveToOuterDisposeScope(),
            query.MoveToOuterDisposeScope()
        );
    }

    /// <summary>Learns from episodes, a step each.</summary>
    /// <param name="episodes">Tensors that the sequence makes as it is read die with their step.</param>
    /// <param name="optimizer">Over the parameters of this network.</param>
    /// <param name="progress">Hears the total loss of each step.</param>
    /// <param name="cancel">Stops between two steps.</param>
    /// <returns>How many steps were taken.</returns>
    /// <exception cref="ArithmeticException">A loss is not finite; the parameters are as they were before that step.</exception>
    public long Train(
        IEnumerable<TaskDemonstrations> episodes,
        torch.optim.Optimizer optimizer,
        IProgress<double>? progress = null,
        CancellationToken cancel = default
    )
    {
        ArgumentNullException.ThrowIfNull(episodes);
        ArgumentNullException.ThrowIfNull(optimizer);
        train();
        long steps = 0;
        using var reader = episodes.GetEnumerator();
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            using var scope = torch.NewDisposeScope();
            if (!reader.MoveNext())
            {
                return steps;
            }

            var loss = Loss(reader.Current).Total;
            var value = loss.to(ScalarType.Float64).item<double>();
            if (!double.IsFinite(value))
            {
                throw new ArithmeticException(
                    $"The loss of episode {steps + 1} is {value}; lower the learning rate, or look for numbers that are not finite in the demonstrations."
                );
            }

            optimizer.zero_grad();
            loss.backward();
            optimizer.step();
            steps++;
            progress?.Report(value);
        }
    }

    /// <summary>How far queries are from being closer to their own task's sentence than to any other's.</summary>
    /// <param name="queries">Unit embeddings, [tasks, queries, embedding].</param>
    /// <param name="sentences">[tasks, embedding].</param>
    /// <param name="margin">Of cosines.</param>
    /// <returns>The mean over tasks, queries and other tasks.</returns>
    internal static Tensor MarginLoss(Tensor queries, Tensor sentences, double margin)
    {
        using var scope = torch.NewDisposeScope();
        var (tasks, count) = (queries.size(0), queries.size(1));
        var cosines = queries.flatten(0, 1).mm(sentences.t()).view(tasks, count, tasks);
        var own = (queries * sentences.unsqueeze(1)).sum(dim: 2L).unsqueeze(2);
        var others = torch.eye(tasks, dtype: queries.dtype, device: queries.device).neg().add(1).unsqueeze(1);
        return ((cosines - own + margin).clamp_min(0) * others)
            .sum()
            .div(tasks * count * (tasks - 1))
            .MoveToOuterDisposeScope();
    }

    /// <summary>The unit embedding of each demonstration, [tasks, demonstrations, embedding].</summary>
    private Tensor Embed(Tensor observations, Tensor actions)
    {
        using var scope = torch.NewDisposeScope();
        var (tasks, count) = (observations.size(0), observations.size(1));
        var embedded = embedder.call(torch.cat([observations, actions], 3).flatten(0, 1));
        return Unit(embedded.view(tasks, count, -1)).MoveToOuterDisposeScope();
    }

    private Tensor Imitation(Tensor observations, Tensor actions, Tensor sentences) =>
        functional.mse_loss(Act(observations.flatten(1, 2), sentences), actions.flatten(1, 2));

    private static Tensor Unit(Tensor vectors) => functional.normalize(vectors, p: 2, dim: -1);

    private static Sequential Layers(long inputs, long outputs, int[] widths)
    {
        var layers = new List<Module<Tensor, Tensor>> { Flatten(1) };
        foreach (var width in widths)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width, nameof(widths));
            layers.Add(Linear(inputs, width));
            layers.Add(ReLU());
            inputs = width;
        }

        layers.Add(Linear(inputs, outputs));
        return Sequential(layers);
    }
}
