using Plait.Numerics;
using Plait.Tasks;
using Plait.Torch;
using static TorchSharp.torch.nn;

namespace Plait.Relationships.Embedding;

/// <summary>A linear layer from fixed features to one task's outputs, fitted for good.</summary>
/// <remarks>
/// The loss of a linear layer is convex, so its minimum says what the features know of the task without a learning rate or a number
/// of epochs to choose. Features are centred and scaled while it is sought, so that weight decay treats all alike.
/// </remarks>
internal sealed class LinearHead
{
    private readonly Tensor weight; // [channels, width]
    private readonly Tensor bias; // [channels]

    private LinearHead(Tensor weight, Tensor bias)
    {
        this.weight = weight;
        this.bias = bias;
    }

    /// <summary>Finds the layer with the least loss plus weight decay.</summary>
    /// <param name="task">Says the loss and how many outputs there are.</param>
    /// <param name="features">[rows, width], Float64.</param>
    /// <param name="target">Targets of the same rows, on the same device.</param>
    /// <param name="weightDecay">Half of it times the squares of the weights of scaled features is added to the loss.</param>
    /// <exception cref="NotSupportedException">The task wants one output a pixel or a step.</exception>
    public static LinearHead Fit(LearningTask task, Tensor features, TaskTarget target, double weightDecay)
    {
        if (task.Answer.Layout != Layout.Row)
        {
            throw new NotSupportedException(
                $"Task '{task.Name}' wants one output a {task.Answer.Layout.ToString().ToLowerInvariant()}; a linear layer on features gives one a row."
            );
        }

        using var scope = torch.NewDisposeScope();
        var (width, channels) = (features.size(1), task.Output.Channels);
        var mean = features.mean([0L]);
        var spread = features.sub(mean).square().mean([0L]).sqrt();
        spread = torch.where(spread.gt(0), spread, torch.ones_like(spread));
        var scaled = features.sub(mean).div(spread);
        var labels = InDouble(target);
        var point = new double[channels * (width + 1)];
        LimitedMemoryBfgs.Minimize(Cost, point);

        var found = torch.tensor(point).view(channels, width + 1);
        var weight = found.narrow(1, 0, width).div(spread.cpu());
        var bias = found.select(1, width).sub(weight.mv(mean.cpu()));
        return new LinearHead(weight.MoveToOuterDisposeScope(), bias.MoveToOuterDisposeScope());

        double Cost(double[] at, double[] gradient)
        {
            using var inner = torch.NewDisposeScope();
            using var grad = torch.enable_grad();
            var parameters = torch.tensor(at).to(features.device).view(channels, width + 1).requires_grad_();
            var weights = parameters.narrow(1, 0, width);
            var outputs = functional.linear(scaled, weights, parameters.select(1, width));
            var cost = task.Loss.Compute(outputs, labels).add(weights.square().sum(), weightDecay / 2);
            cost.backward();
            Numbers.Read(parameters.grad!).CopyTo(gradient, 0);
            return cost.ToDouble();
        }
    }

    /// <summary>The outputs for features, [rows, channels], of the features' type and on their device.</summary>
    public Tensor Of(Tensor features) => functional.linear(features, weight.to(features), bias.to(features));

    private static TaskTarget InDouble(TaskTarget target) =>
        target.Values.is_floating_point() ? target.WithValues(target.Values.to(ScalarType.Float64)) : target;
}
