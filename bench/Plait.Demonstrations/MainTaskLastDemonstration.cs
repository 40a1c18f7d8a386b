using Plait.Networks.SharedTrunk;
using Plait.Optimization.Scheduling;

namespace Plait.Demonstrations;

/// <summary>An auxiliary task first and the main task last, against both mixed evenly: as many steps of the main task in either case.</summary>
internal sealed class MainTaskLastDemonstration : Demonstration
{
    /// <inheritdoc/>
    public override string Name => "main-task-last";

    /// <inheritdoc/>
    public override string Claim =>
        "Auxiliary tasks that make room for the main task little by little help it more than a constant mixture (Kiperwasser and Ballesteros 2018).";

    /// <summary>Rows of each of the three auxiliary tasks.</summary>
    public int AuxiliaryRows { get; init; } = 500;

    /// <summary>Rows of the main task.</summary>
    public int MainRows { get; init; } = 40;

    /// <summary>Passes over all rows.</summary>
    public int Epochs { get; init; } = 60;

    /// <summary>The main task's share of all steps, above 0.5 and below 1; the slopes of all schedules follow from it.</summary>
    public double MainShare { get; init; } = 0.7;

    /// <inheritdoc/>
    public override IReadOnlyList<Observation> Run(int seed)
    {
        using var scope = torch.NewDisposeScope();
        using var data = new DrawnTasks([MainRows, AuxiliaryRows, AuxiliaryRows, AuxiliaryRows], 1, 0, seed);
        return
        [
            .. Train("main task alone", MainTaskShare.Constant, 1),
            .. Train("constant", MainTaskShare.Constant, MainShare),
            .. Train("exponential", MainTaskShare.Exponential, SlopeFor(span => 1 - ((1 - Math.Exp(-span)) / span))),
            .. Train("sigmoid", MainTaskShare.Sigmoid, SlopeFor(span => Math.Log((1 + Math.Exp(span)) / 2) / span)),
        ];

        IEnumerable<Observation> Train(string name, MainTaskShare form, double slope)
        {
            using var inner = torch.NewDisposeScope();
            using var network = new HardSharing(data.Tasks, DrawnTasks.Encoder(seed));
            var schedule = new CountedSchedule(new Scheduled(main: null, form, slope));
            var errors = data.Fit(network, schedule, Epochs, seed);
            return
            [
                new(name, "share of steps, main task", schedule.ShareOf(0)),
                new(name, "share of steps, main task, first epoch", schedule.ShareOf(0, ..1)),
                new(name, "share of steps, main task, last epoch", schedule.ShareOf(0, ^1..)),
                new(name, "test error, main task", errors[0]),
                new(name, "test error, mean of auxiliary tasks", errors.Skip(1).Average()),
            ];
        }
    }

    /// <summary>The slope with which the mean share over the whole run is the one that is asked for.</summary>
    /// <param name="meanShare">The mean share, which grows with the slope times the epochs.</param>
    private double SlopeFor(Func<double, double> meanShare)
    {
        var (low, high) = (0.0, 100.0);
        for (var halving = 0; halving < 50; halving++)
        {
            var middle = (low + high) / 2;
            (low, high) = meanShare(middle) < MainShare ? (middle, high) : (low, middle);
        }

        return low / Epochs;
    }
}
