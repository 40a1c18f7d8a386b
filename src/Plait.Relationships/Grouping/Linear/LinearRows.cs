using Plait.Data;
using Plait.Tasks;

namespace Plait.Relationships.Grouping.Linear;

/// <summary>Rows of a data set as linear models take them: centred, in their leading directions, with targets of unit spread.</summary>
/// <remarks>
/// Penalties on lengths and singular values of weights stay the same when features are rotated, so the principal directions stand for the features;
/// those beyond the first <see cref="MostDirections"/> are left out. All spreads are those of the training rows, and a task without
/// weights then loses about 1. Rows that count more are lengthened, which for squared errors is the same.
/// </remarks>
internal static class LinearRows
{
    private const int MostDirections = 64; // the solvers take the cube of directions times groups
    private const double LeastSpread = 1e-9; // beside the greatest, for a direction to be one

    /// <summary>The tasks' rows to learn from and those to choose by.</summary>
    /// <param name="training">Rows of numbers, for tasks of one number or of yes and no.</param>
    /// <param name="validation">The same of other rows.</param>
    /// <param name="mostRows">How many rows of each are looked at, the first ones.</param>
    /// <exception cref="ArgumentException">The features, or a task's targets, are all the same, or there are none.</exception>
    public static (LinearTaskData[] Training, LinearTaskData[] Validation) Of(
        TensorData training,
        TensorData validation,
        int mostRows
    )
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var input = Numbers(training.Input, mostRows);
        var mean = input.mean([0L], keepdim: true);
        var directions = Directions(input - mean);
        var (rows, kept) = (Along(input), Along(Numbers(validation.Input, mostRows)));
        var tasks = training.Tasks.Select((task, i) => Task(task, training.TargetOf(i), validation.TargetOf(i)));
        var pairs = tasks.ToArray();
        return (Array.ConvertAll(pairs, pair => pair.Training), Array.ConvertAll(pairs, pair => pair.Validation));

        Tensor Along(Tensor some) => (some - mean).mm(directions);

        (LinearTaskData Training, LinearTaskData Validation) Task(
            LearningTask task,
            TaskTarget toLearn,
            TaskTarget toChoose
        )
        {
            var (x, y, factors) = Present(task, rows, toLearn);
            var weights = factors / factors.sum();
            var (centre, middle) = ((x * weights).sum(dim: 0L), (y * weights).sum());
            var spread = ((y - middle).square() * weights).sum().sqrt();
            if (spread.ToDouble() == 0)
            {
                throw new ArgumentException(
                    $"Task '{task.Name}' has the same target in all training rows that are looked at; leave it out, or give more rows."
                );
            }

            var (chosenX, chosenY, chosenFactors) = Present(task, kept, toChoose);
            return (Data(x, y, factors), Data(chosenX, chosenY, chosenFactors));

            LinearTaskData Data(Tensor inputs, Tensor targets, Tensor counts)
            {
                var lengths = (counts / counts.mean()).sqrt();
                return new LinearTaskData(
                    task.Name,
                    ((inputs - centre) * lengths).contiguous().data<double>().ToArray(),
                    ((targets - middle) / spread * lengths).contiguous().data<double>().ToArray()
                );
            }
        }
    }

    /// <summary>The principal directions of centred rows, [features, directions], in which their mean square is 1.</summary>
    private static Tensor Directions(Tensor centred)
    {
        var (spreads, directions) = torch.linalg.eigh(centred.t().mm(centred) / centred.size(0));
        var greatest = spreads[^1].ToDouble();
        if (!(greatest > 0))
        {
            throw new ArgumentException(
                "No feature differs between the training rows; there is nothing to learn from."
            );
        }

        var count = Math.Min(spreads.gt(LeastSpread * greatest).sum().item<long>(), MostDirections);
        var first = spreads.size(0) - count;
        return directions.narrow(1, first, count) / spreads.narrow(0, first, count).mean().sqrt();
    }

    private static Tensor Numbers(Tensor input, int mostRows) =>
        input.narrow(0, 0, Math.Min(mostRows, input.size(0))).cpu().to(ScalarType.Float64);

    /// <summary>The rows, [rows, directions], that have a target, with it and what each counts, [rows, 1].</summary>
    private static (Tensor Inputs, Tensor Targets, Tensor Factors) Present(
        LearningTask task,
        Tensor rows,
        TaskTarget target
    )
    {
        var targets = target.Values.cpu().to(ScalarType.Float64).flatten().narrow(0, 0, rows.size(0));
        var factors =
            target.Factors?.cpu().to(ScalarType.Float64).flatten().narrow(0, 0, rows.size(0))
            ?? torch.ones_like(targets);
        var here = factors.nonzero().flatten();
        return here.numel() > 0
            ? (
                rows.index_select(0, here),
                targets.index_select(0, here).unsqueeze(1),
                factors.index_select(0, here).unsqueeze(1)
            )
            : throw new ArgumentException(
                $"Task '{task.Name}' has no target in the training or in the validation rows that are looked at; leave it out, or give more rows."
            );
    }
}
