using Plait.Catalogue;
using Plait.Data;
using Plait.Networks;
using Plait.Optimization;
using Plait.Optimization.MultiObjective;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Tests.Optimization;
using Plait.Training;
using TorchSharp.Modules;

namespace Plait.Tests.Training;

/// <summary>A descent needs losses and no data: here they are formulas of a point.</summary>
[Collection("torch")]
public sealed class DescentTests
{
    private const double Rate = 0.1;

    private static readonly TaskSet Tasks = new(LearningTask.Regression("left"), LearningTask.Regression("right"));

    [Fact]
    public void A_step_on_two_parabolas_goes_down_the_sum_of_their_slopes()
    {
        using var scope = torch.NewDisposeScope();
        using var point = new Point(3, -2);

        Descend(point, new Recipe { Optimizer = new SgdOptimizer(Rate, momentum: 0) }, steps: 1);

        // (x - 1)^2 + y^2 and (x + 1)^2 + y^2: the slope of the sum is 4x and 4y.
        AssertAt(point, 3 - (Rate * 12), -2 + (Rate * 8));
    }

    [Theory]
    [InlineData("sum", 1e-4)]
    [InlineData("pcgrad", 1)] // anywhere between the two minima neither parabola falls without the other's rising
    public void Steps_on_formulas_arrive_where_they_should(string aggregator, double between)
    {
        using var scope = torch.NewDisposeScope();
        using var point = new Point(3, -2);
        var recipe = new Recipe
        {
            Aggregator = MethodCatalog.Create<GradientAggregator>(aggregator),
            Optimizer = new SgdOptimizer(Rate, momentum: 0),
        };

        Descend(point, recipe, steps: 60);

        var found = point.Place.data<float>().ToArray();
        Assert.InRange(found[0], -between, between);
        Assert.InRange(found[1], -1e-4, 1e-4);
    }

    [Fact]
    public void Methods_that_ask_for_independent_losses_are_given_them()
    {
        using var scope = torch.NewDisposeScope();
        using var point = new Point(3, -2);
        var asked = new List<int>();
        var recipe = new Recipe { Aggregator = new Modo(), Optimizer = new SgdOptimizer(Rate, momentum: 0) };

        Descend(point, recipe, steps: 1, asked);

        Assert.NotEmpty(asked);
        Assert.Equal(asked.Distinct(), asked);
    }

    private static void Descend(Point point, Recipe recipe, int steps, List<int>? asked = null)
    {
        var storage = point.Storage;
        recipe.Weighting.Begin(point);
        recipe.Aggregator.Begin(point);
        using var optimizer = new RunOptimizer(recipe, point);
        var descent = new Descent(point, recipe, optimizer, storage);
        var objective = new FunctionObjective(
            Tasks.All,
            point.Losses,
            number =>
            {
                asked?.Add(number);
                return new FunctionObjective(Tasks.All, point.Losses);
            }
        );
        for (var step = 0; step < steps; step++)
        {
            using var scope = torch.NewDisposeScope();
            descent.Descend(objective, new StepContext { Tasks = Tasks, Step = step });
        }
    }

    private static void AssertAt(Point point, double x, double y)
    {
        var found = point.Place.data<float>().ToArray();
        Assert.Equal(x, found[0], 1e-5);
        Assert.Equal(y, found[1], 1e-5);
    }

    /// <summary>A network of one point, which has losses and no outputs.</summary>
    private sealed class Point : MultiTaskNetwork
    {
        private readonly Parameter place;

        public Point(params float[] start)
            : base(DescentTests.Tasks, nameof(Point))
        {
            place = new Parameter(torch.tensor(start));
            RegisterComponents();
        }

        public Tensor Place => place;

        public override IEnumerable<Parameter> SharedParameters => [place];

        public override IEnumerable<Parameter> ParametersOf(int task) => [];

        protected override void Forward(BatchInput input, TaskSelection tasks, TaskOutputs outputs) =>
            throw new NotSupportedException("A point reads no batch.");

        public TaskLosses Losses() => TaskLosses.Of(Tasks, DistanceFrom(1), DistanceFrom(-1));

        private Tensor DistanceFrom(double x) => place.sub(torch.tensor([(float)x, 0f])).square().sum();
    }
}
