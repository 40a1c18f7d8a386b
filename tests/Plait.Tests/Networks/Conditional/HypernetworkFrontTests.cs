using Plait.Data;
using Plait.Networks;
using Plait.Networks.Conditional;
using Plait.Optimization;
using Plait.Optimization.MultiObjective;
using Plait.Optimization.MultiObjective.ParetoFront;
using Plait.Tasks;
using Plait.Tests.Optimization;
using Plait.Tests.Optimization.MultiObjective;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Tests.Networks.Conditional;

[Collection("torch")]
public sealed class HypernetworkFrontTests
{
    [Fact]
    public void A_hypernetwork_trained_by_EPO_learns_the_whole_front_of_VLMOP2()
    {
        torch.manual_seed(2);
        using var network = new Vlmop2Network();
        var epo = new Epo(tolerance: 1e-6);
        epo.Begin(network);
        using var optimizer = torch.optim.Adam(network.parameters(), 0.003);
        for (var step = 0; step < 700; step++)
        {
            using var scope = torch.NewDisposeScope();
            var context = StepContexts.At(step);
            network.BeginStep(context);
            TaskGradients.Of(network.Losses(), network).Apply(epo, context);
            optimizer.step();
        }

        network.eval();
        var front = new List<double[]>();
        foreach (var preference in PreferenceVectors.Circle(40, margin: 0.05))
        {
            using var scope = torch.NewDisposeScope();
            network.Prefer(preference);
            var losses = network.Losses().Numbers.ToArray();
            Assert.True(Vlmop2.DistanceToFront(losses) < 0.05);
            front.Add(losses);
        }

        var share = Hypervolume.Of(front, Vlmop2.Reference) / Vlmop2.Volume;
        Assert.True(share > 0.95, $"{share}");
    }

    /// <summary>The twenty numbers, written by a hypernetwork.</summary>
    private sealed class Vlmop2Network : PreferenceNetwork
    {
        private readonly Sequential body = Sequential(Linear(2, 50), ReLU(), Linear(50, 50), ReLU(), Linear(50, 50));
        private readonly TensorGenerator generator = new(50, [new Parameter(torch.zeros(Vlmop2.Width))]);

        public Vlmop2Network()
            : base(StepContexts.Regressions(2), nameof(Vlmop2Network), concentration: 1) => RegisterComponents();

        public override IEnumerable<Parameter> SharedParameters => parameters();

        public override IEnumerable<Parameter> ParametersOf(int task) => [];

        protected override void Forward(BatchInput input, TaskSelection tasks, TaskOutputs outputs) =>
            throw new NotSupportedException("There is no input.");

        public TaskLosses Losses()
        {
            var x = generator.Generate(body.call(PreferenceRow()))[0];
            var centre = 1 / Math.Sqrt(Vlmop2.Width);
            return TaskLosses.Of(Tasks, Loss(x.sub(centre)), Loss(x.add(centre)));
        }

        private static Tensor Loss(Tensor away) => away.square().sum().neg().exp().neg().add(1);
    }
}
