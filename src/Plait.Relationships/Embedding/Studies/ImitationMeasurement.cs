using Plait.Numerics;

namespace Plait.Relationships.Embedding.Studies;

/// <summary>How TecNets do on tasks that they did not learn from, known by a few demonstrations each.</summary>
/// <remarks>
/// Errors are roots of mean squares in deviations of the actions over the demonstrations of training, so that 1 is about what the mean
/// action gets. All are means over several draws of the demonstrations that a task is known by; all others are judged by.
/// </remarks>
/// <param name="HeldOut">The tasks.</param>
/// <param name="Nearest">How often a demonstration's embedding is nearest to the sentence of its own task.</param>
/// <param name="Chance">How often by chance.</param>
/// <param name="Error">Of the actions.</param>
/// <param name="ErrorOfMean">Of the mean action in training.</param>
/// <param name="ErrorUntold">Of a network of the same widths that is not told the task.</param>
public sealed record ImitationMeasurement(
    IReadOnlyList<string> HeldOut,
    double Nearest,
    double Chance,
    double Error,
    double ErrorOfMean,
    double ErrorUntold
)
{
    private const int Draws = 20;

    /// <summary>Measures.</summary>
    /// <param name="network">What was trained.</param>
    /// <param name="agnostic">What was trained without knowing the task.</param>
    /// <param name="tasks">Demonstrations of the tasks that were held out, as the networks read them.</param>
    /// <param name="names">The tasks' names.</param>
    /// <param name="options">How many demonstrations a task is known by, and the seed.</param>
    internal static ImitationMeasurement Of(
        TecNets network,
        TaskAgnosticController agnostic,
        DemonstrationSet tasks,
        string[] names,
        ImitationOptions options
    )
    {
        var random = Seeds.Undivided(options.Seed);
        var sums = new double[4]; // nearest, squares of the network, of the mean, of the network that is not told
        for (var draw = 0; draw < Draws; draw++)
        {
            using var scope = torch.NewDisposeScope();
            using var noGrad = torch.no_grad();
            var drawn = Enumerable.Range(0, tasks.Tasks).Select(task => tasks.Shuffled(random, task)).ToArray();
            var (support, supportActions) = tasks.Rows([.. drawn.Select(rows => rows[..options.Support])]);
            var sentences = network.Sentence(support, supportActions); // [tasks, width]
            var rest = drawn.SelectMany((rows, task) => rows[options.Support..].Select(row => (row, task))).ToArray();
            var (seen, done) = tasks.Rows([.. rest.Select(one => new[] { one.row })]); // [queries, 1, steps, numbers]
            var owners = torch.tensor(rest.Select(one => (long)one.task).ToArray());
            var closest = network.Sentence(seen, done).mm(sentences.t()).argmax(1);
            var acted = network.Act(seen.squeeze(1), sentences.index_select(0, owners));
            double[] values =
            [
                Mean(closest.eq(owners)),
                Mean(acted.sub(done.squeeze(1)).square()),
                Mean(done.square()), // scaled actions have the mean 0
                Mean(agnostic.Error(seen, done)),
            ];
            for (var i = 0; i < sums.Length; i++)
            {
                sums[i] += values[i] / Draws;
            }
        }

        return new ImitationMeasurement(
            names,
            sums[0],
            1.0 / names.Length,
            Math.Sqrt(sums[1]),
            Math.Sqrt(sums[2]),
            Math.Sqrt(sums[3])
        );
    }

    private static double Mean(Tensor values) => values.to(ScalarType.Float64).mean().item<double>();
}
