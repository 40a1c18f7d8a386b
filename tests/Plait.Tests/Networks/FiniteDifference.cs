using TorchSharp.Modules;

namespace Plait.Tests.Networks;

/// <summary>Compares gradients with symmetric differences along random directions, in double precision.</summary>
internal static class FiniteDifference
{
    private const double Step = 1e-6;

    /// <summary>Every parameter's gradient predicts how the function changes along a direction.</summary>
    public static void AssertGradients(IEnumerable<Parameter> parameters, Func<Tensor> function)
    {
        using var scope = torch.NewDisposeScope();
        Parameter[] all = [.. parameters];
        function().backward();
        using var noGrad = torch.no_grad();
        foreach (var parameter in all)
        {
            var direction = torch.randn_like(parameter);
            var predicted = (parameter.grad! * direction).sum().item<double>();
            parameter.add_(direction, Step);
            var above = function().item<double>();
            parameter.add_(direction, -2 * Step);
            var below = function().item<double>();
            parameter.add_(direction, Step);
            var measured = (above - below) / (2 * Step);
            Assert.True(
                Math.Abs(measured - predicted) <= 1e-6 * (1 + Math.Abs(measured)),
                $"a parameter of shape [{string.Join(", ", parameter.shape)}]: {predicted} predicted, {measured} measured"
            );
        }
    }
}
