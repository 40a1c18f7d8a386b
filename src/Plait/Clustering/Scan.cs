using Plait.Networks.Encoders;
using Plait.Numerics;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Clustering;

/// <summary>Sorts images into clusters that mean something, without a label: neighbours by a pretext task get one answer.</summary>
/// <remarks>
/// Van Gansbeke et al. 2020, <i>SCAN: Learning to Classify Images without Labels</i>, algorithm 1, as in Vandenhende 2022, <i>Multi-Task
/// Learning for Visual Scene Understanding</i>: (1) SimCLR teaches the encoder; (2) the K nearest neighbours of each image are mined
/// by what the pretext task compares; (3) encoder and clustering heads learn to give strong views of an image and of a neighbour one
/// answer, of several heads that of least loss goes on; (4) images that are sure, as they are, label their strong views. As in the
/// authors' code, an image is one of its own neighbours.
/// </remarks>
public sealed class Scan : IDisposable
{
    private const int RowsAtOnce = 512;
    private const double Memory = 0.95; // of the running mean of each head's loss: about twenty steps

    private readonly Encoder encoder;
    private readonly int clusters;
    private readonly ScanOptions options;
    private Linear? head;

    /// <summary>Takes an encoder.</summary>
    /// <param name="encoder">Now owned by this object; a map that it ends in is averaged over its pixels.</param>
    /// <param name="clusters">How many clusters; 2 or more.</param>
    /// <param name="options">How it learns; the defaults when null.</param>
    public Scan(Encoder encoder, int clusters, ScanOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentOutOfRangeException.ThrowIfLessThan(clusters, 2);
        this.encoder = encoder;
        this.clusters = clusters;
        this.options = options ?? new ScanOptions();
    }

    /// <summary>Learns from images.</summary>
    /// <param name="images">Standardised images, [rows, channels, height, width], on the encoder's device.</param>
    /// <param name="progress">Is told after every epoch.</param>
    /// <param name="cancel">Stops between steps; what was learned so far is of no use then.</param>
    public void Fit(Tensor images, IProgress<ScanProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        options.Check(images.size(0));
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(options.Seed);
        encoder.train();
        using (var projection = Pretext(images, progress, cancel))
        {
            Cluster(images, Mine(encoder, projection, images, options.Neighbours), progress, cancel);
        }

        LabelThemselves(images, progress, cancel);
        encoder.eval();
    }

    /// <summary>How sure each image is of each cluster: [rows, clusters], each row summing to 1.</summary>
    /// <param name="images">[rows, channels, height, width].</param>
    /// <exception cref="InvalidOperationException">Nothing was learned yet.</exception>
    public Tensor Probabilities(Tensor images)
    {
        ArgumentNullException.ThrowIfNull(images);
        var chosen = head ?? throw new InvalidOperationException("Fit learns the clusters first.");
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        encoder.eval();
        return torch
            .cat([.. images.split(RowsAtOnce).Select(rows => chosen.call(encoder.PooledFeatures(rows)).softmax(1))])
            .MoveToOuterDisposeScope();
    }

    /// <summary>The cluster of each image, from 0.</summary>
    /// <param name="images">[rows, channels, height, width].</param>
    /// <exception cref="InvalidOperationException">Nothing was learned yet.</exception>
    public int[] Assign(Tensor images)
    {
        using var scope = torch.NewDisposeScope();
        return [.. Probabilities(images).argmax(1).cpu().data<long>().ToArray().Select(cluster => (int)cluster)];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        encoder.Dispose();
        head?.Dispose();
    }

    private Sequential Pretext(Tensor images, IProgress<ScanProgress>? progress, CancellationToken cancel)
    {
        var projection = Sequential(
            Linear(encoder.OutputShape[0], encoder.OutputShape[0]),
            ReLU(),
            Linear(encoder.OutputShape[0], options.ProjectionWidth)
        );
        projection.to(images.device);
        Learn(
            ScanPhase.Pretext,
            options.PretextEpochs,
            images.size(0),
            [projection],
            (rows, generator) =>
            {
                var batch = images.index_select(0, rows);
                return ScanLosses.Contrastive(
                    projection.call(encoder.PooledFeatures(options.Views.Of(batch, generator))),
                    projection.call(encoder.PooledFeatures(options.Views.Of(batch, generator))),
                    options.Temperature
                );
            },
            progress,
            cancel
        );
        return projection;
    }

    /// <summary>The nearest images of each by what the pretext task compares, and each itself first.</summary>
    internal static Tensor Mine(Encoder encoder, Module<Tensor, Tensor> projection, Tensor images, int count)
    {
        using var noGrad = torch.no_grad();
        encoder.eval();
        var features = torch.cat([
            .. images.split(RowsAtOnce).Select(rows => projection.call(encoder.PooledFeatures(rows))),
        ]);
        encoder.train();
        return Neighbours.WithItself(features, count);
    }

    private void Cluster(Tensor images, Tensor neighbours, IProgress<ScanProgress>? progress, CancellationToken cancel)
    {
        var heads = Enumerable
            .Range(0, options.Heads)
            .Select(_ => (Linear)Linear(encoder.OutputShape[0], clusters).to(images.device))
            .ToArray();
        using var sums = torch.zeros(options.Heads);
        Learn(
            ScanPhase.Clustering,
            options.ClusteringEpochs,
            images.size(0),
            heads,
            (rows, generator) =>
            {
                var choice = torch.randint(neighbours.size(1), [rows.size(0), 1], generator: generator);
                var near = neighbours.index_select(0, rows).gather(1, choice.to(rows.device)).squeeze(1);
                var anchors = encoder.PooledFeatures(options.StrongViews.Of(images.index_select(0, rows), generator));
                var others = encoder.PooledFeatures(options.StrongViews.Of(images.index_select(0, near), generator));
                var losses = torch.stack([
                    .. heads.Select(one =>
                        ScanLosses.Clustering(one.call(anchors), one.call(others), options.EntropyWeight)
                    ),
                ]);
                sums.mul_(Memory).add_(losses.detach().cpu().mul(1 - Memory));
                return losses.sum();
            },
            progress,
            cancel
        );
        var best = (int)sums.argmin().item<long>();
        for (var i = 0; i < heads.Length; i++)
        {
            if (i != best)
            {
                heads[i].Dispose();
            }
        }

        head?.Dispose();
        head = heads[best];
    }

    private void LabelThemselves(Tensor images, IProgress<ScanProgress>? progress, CancellationToken cancel) =>
        Learn(
            ScanPhase.SelfLabelling,
            options.SelfLabellingEpochs,
            images.size(0),
            [head!],
            (rows, generator) =>
            {
                var batch = images.index_select(0, rows);
                Tensor weak;
                using (torch.no_grad())
                {
                    weak = head!.call(encoder.PooledFeatures(batch));
                }

                var strong = head.call(encoder.PooledFeatures(options.StrongViews.Of(batch, generator)));
                return ScanLosses.SelfLabelling(weak, strong, options.Confidence);
            },
            progress,
            cancel
        );

    /// <summary>Some epochs of Adam on the encoder and heads; the loss is of row numbers and a generator of the step, and null skips the step.</summary>
    private void Learn(
        ScanPhase phase,
        int epochs,
        long rows,
        IEnumerable<Module> heads,
        Func<Tensor, torch.Generator, Tensor?> loss,
        IProgress<ScanProgress>? progress,
        CancellationToken cancel
    )
    {
        Parameter[] learned = [.. encoder.parameters(), .. heads.SelectMany(one => one.parameters())];
        using var optimizer = torch.optim.Adam(learned, options.LearningRate);
        var device = learned[0].device;
        for (var epoch = 0; epoch < epochs; epoch++)
        {
            var order = Enumerable.Range(0, (int)rows).Select(row => (long)row).ToArray();
            Seeds.Generator(options.Seed, (int)phase, epoch).Shuffle(order);
            var (sum, steps) = (0.0, 0);
            foreach (var batch in order.Chunk(options.BatchSize).Where(batch => batch.Length > 1))
            {
                cancel.ThrowIfCancellationRequested();
                using var scope = torch.NewDisposeScope();
                using var generator = new torch.Generator(
                    (ulong)Seeds.Derive(options.Seed, (int)phase, epoch, steps),
                    torch.CPU
                );
                optimizer.zero_grad();
                if (loss(torch.tensor(batch).to(device), generator) is { } cost)
                {
                    cost.backward();
                    optimizer.step();
                    sum += cost.ToDouble();
                }

                steps++;
            }

            progress?.Report(new ScanProgress(phase, epoch, epochs, sum / Math.Max(1, steps)));
        }
    }
}

/// <summary>The parts of SCAN's learning.</summary>
public enum ScanPhase
{
    /// <summary>The contrastive task that teaches the encoder.</summary>
    Pretext = 1,

    /// <summary>Neighbours get one answer.</summary>
    Clustering,

    /// <summary>Images that are sure label themselves.</summary>
    SelfLabelling,
}

/// <summary>Where SCAN's learning stands.</summary>
/// <param name="Phase">The part.</param>
/// <param name="Epoch">The epoch that was finished, from 0.</param>
/// <param name="Epochs">Epochs of the part.</param>
/// <param name="Loss">The mean loss of the epoch's steps.</param>
public sealed record ScanProgress(ScanPhase Phase, int Epoch, int Epochs, double Loss);
