using Plait.Optimization.LossWeighting;

namespace Plait.Tests.Optimization.LossWeighting;

[Collection("torch")]
public sealed class TaskAdamTests
{
    [Fact]
    public void Moves_as_the_stock_optimizer_does_with_weight_decay()
    {
        using var scope = torch.NewDisposeScope();
        double[] values = [0.5, -1];
        var adam = new TaskAdam(0.025, decay: 0.1);
        adam.Begin(2);
        var parameter = new TorchSharp.Modules.Parameter(torch.tensor(values, ScalarType.Float64));
        var stock = torch.optim.Adam([parameter], 0.025, weight_decay: 0.1, eps: 0);
        var random = new Random(3);
        for (var step = 0; step < 50; step++)
        {
            double[] gradient = [random.NextDouble() - 0.4, 10 * (random.NextDouble() - 0.6)];
            adam.Step([0, 1], gradient, values);
            parameter.grad = torch.tensor(gradient, ScalarType.Float64);
            stock.step();
        }

        Weighted.AssertClose(Plait.Torch.Numbers.Read(parameter), values, 1e-12);
    }

    [Fact]
    public void A_task_that_is_not_in_the_step_keeps_its_number_and_its_moments()
    {
        double[] some = [1, 1];
        double[] alone = [1, 1];
        var (first, second) = (new TaskAdam(0.1), new TaskAdam(0.1));
        first.Begin(2);
        second.Begin(2);
        for (var step = 0; step < 6; step++)
        {
            first.Step([0], [step], some);
            first.Step([1], [2.0], some);
            second.Step([0], [step], alone);
        }

        Assert.Equal(alone[0], some[0]);
        Assert.Equal(1, alone[1]);
    }
}
