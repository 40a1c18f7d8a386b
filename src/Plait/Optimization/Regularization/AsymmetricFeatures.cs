using Plait.Catalogue;
using Plait.Networks;
using Plait.Tasks;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Optimization.Regularization;

/// <summary>Has the tasks' outputs rebuild the shared features, each task the less the larger its loss is.</summary>
/// <remarks>
/// <para>Lee, Yang and Hwang 2018, <i>Deep Asymmetric Multi-task Feature Learning</i>, equation 7:
/// Σ_t (1 + α ‖a_t‖₁) L_t + γ ‖Z - relu(O A + b)‖², with features Z, outputs O before any sigmoid or softmax and a row a_t of A for each
/// output of task t. What a task adds to the features costs in proportion to its loss, so tasks that can be trusted shape them and others
/// profit. The distance is squared, summed over features and averaged over rows, as in the authors' code; that code's
/// allowance for the number of rows of each task is left out, as is the ℓ1 cost of the heads, which is a penalty of its own.</para>
/// <para>The rebuilding is one term for all tasks. Each task's loss holds the part of it that goes through its own copy of the
/// features and its own head: the values add up to the term, and so do the gradients. The encoder should end in a ReLU, as
/// features below 0 cannot be rebuilt.</para>
/// </remarks>
[Method(
    "amtfl",
    Survey = "3.2",
    Paper = "Lee, Yang and Hwang 2018, Deep Asymmetric Multi-task Feature Learning",
    Arxiv = "1708.00260",
    Summary = "Has the tasks' outputs rebuild the shared features, each task the less the larger its loss is."
)]
public sealed class AsymmetricFeatures : AuxiliaryLoss
{
    private const long InitialisationSeed = 0x616d74666c;
    private const double InitialDeviation = 0.01; // of the entries of A, in the authors' code

    private readonly double transfer;
    private readonly double reconstruction;
    private Parameter[] parameters = []; // A, [outputs of all tasks, features], and b, [features]
    private long[] offsets = []; // of each task's first row in A, and of the end

    /// <summary>Sets how much the two parts count.</summary>
    /// <param name="transfer">α, what a task's influence on the features costs, times its loss; 0 or more.</param>
    /// <param name="reconstruction">γ, what the distance of the rebuilt features costs; 0 or more.</param>
    public AsymmetricFeatures(double transfer = 0.1, double reconstruction = 0.01)
    {
        this.transfer = Strength.Require(transfer);
        this.reconstruction = Strength.Require(reconstruction);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters => parameters;

    /// <inheritdoc/>
    public override bool NeedsRepresentation => true;

    /// <summary>How much each task adds to the features: ‖a_t‖₁, one number a task.</summary>
    public IReadOnlyList<double> Influences
    {
        get
        {
            using var scope = torch.NewDisposeScope();
            using var noGrad = torch.no_grad();
            return [.. Enumerable.Range(0, offsets.Length - 1).Select(task => RowsOf(task).abs().sum().ToDouble())];
        }
    }

    /// <inheritdoc/>
    public override void Begin(MultiTaskNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        var readers = CorrespondingParameters.ReadersOf(network).FirstOrDefault();
        var hasSteps = network.FeatureSpecOf(0)?.Layout == Layout.Step;
        if (!network.HasSharedRepresentation || readers is null || readers[0].dim() != 2 || hasSteps)
        {
            throw new NotSupportedException(
                $"{network.GetName()} has no vector of shared features that all tasks' private layers read, so there is nothing to rebuild; use an architecture such as hps, on an encoder that ends in a vector."
            );
        }

        offsets = new long[network.Tasks.Count + 1];
        for (var task = 0; task < network.Tasks.Count; task++)
        {
            offsets[task + 1] = offsets[task] + network.Tasks[task].Output.Channels;
        }

        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator((ulong)InitialisationSeed, torch.CPU);
        long[] shape = [offsets[^1], readers[0].size(1)];
        var weight = torch.randn(shape, generator: generator).mul(InitialDeviation);
        parameters =
        [
            Parameter(weight.to(readers[0].dtype).to(readers[0].device)),
            Parameter(torch.zeros([shape[1]], readers[0].dtype, readers[0].device)),
        ];
        foreach (var parameter in parameters)
        {
            parameter.DetachFromDisposeScope();
        }
    }

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">The pass has no shared features to rebuild.</exception>
    public override Tensor Add(Tensor loss, int task, ForwardResult pass)
    {
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(pass);
        if (parameters.Length == 0)
        {
            throw new InvalidOperationException("Call Begin with the run's network first.");
        }

        var costly = loss.mul(RowsOf(task).abs().sum().mul(transfer).add(1));
        return reconstruction == 0 ? costly : costly.add(ShareOf(task, pass).mul(reconstruction));
    }

    /// <summary>A task's share of the distance between features and rebuilt features: its value and its gradients.</summary>
    private Tensor ShareOf(int task, ForwardResult pass)
    {
        var present = pass.Outputs.Tasks.Indices;
        var part = 1.0 / present.Length;
        var features = Partly(FeaturesOf(task, pass), part);
        var rebuilt = Partly(parameters[1], part);
        foreach (var other in present)
        {
            var output = other == task ? pass.Outputs[other] : pass.Outputs[other].detach();
            rebuilt = rebuilt.add(output.mm(Partly(RowsOf(other), part)));
        }

        var distance = features.sub(rebuilt.relu()).square().sum(1L).mean();
        return distance.sub(distance.detach().mul(1 - part));
    }

    /// <summary>The features that a task's head reads.</summary>
    private Tensor FeaturesOf(int task, ForwardResult pass)
    {
        var width = parameters[1].size(0);
        return pass.Outputs.Representation?.Of(task).FirstOrDefault(leaf => leaf.dim() == 2 && leaf.size(1) == width)
            ?? throw new NotSupportedException(
                "'amtfl' rebuilds shared features, but this pass has none that are learned: give all tasks one input and the network a trunk, and leave out methods that compute losses again (famo) or by the way (bilevel ones)."
            );
    }

    /// <summary>The same value with a part of the gradient.</summary>
    private static Tensor Partly(Tensor tensor, double part) => tensor.mul(part).add(tensor.detach(), 1 - part);

    private Tensor RowsOf(int task) => parameters[0].narrow(0, offsets[task], offsets[task + 1] - offsets[task]);
}
