using Plait.Data;
using Plait.Networks;
using Plait.Networks.Encoders;
using Plait.Optimization;
using Plait.Tasks;
using TorchSharp.Modules;

namespace Plait.Tests.Optimization.Distillation;

/// <summary>A network that says what it was told to, one parameter a task, whatever the batch; its features likewise.</summary>
internal sealed class Recital : MultiTaskNetwork
{
    private readonly Parameter[] said;
    private readonly Tensor?[] read;

    public Recital(TaskSet tasks, params Tensor[] said)
        : base(tasks, nameof(Recital))
    {
        this.said = [.. said.Select(output => new Parameter(output.clone()))];
        read = new Tensor?[tasks.Count];
        for (var i = 0; i < said.Length; i++)
        {
            register_parameter($"task{i}", this.said[i]);
        }
    }

    public int Passes { get; private set; }

    public int TasksAsked { get; private set; }

    /// <summary>The mean of the rows that were looked at last.</summary>
    public double Heard { get; private set; }

    public Parameter Said(int task) => said[task];

    public Recital Reads(int task, Tensor features)
    {
        read[task] = features;
        return this;
    }

    public override IEnumerable<Parameter> SharedParameters => [];

    public override IEnumerable<Parameter> ParametersOf(int task) => [said[task]];

    public override FeatureSpec? FeatureSpecOf(int task) =>
        read[task] is { } features ? FeatureSpec.OfShape(features.shape[1..]) : null;

    protected override void ForwardGroups(IReadOnlyList<InputGroup> groups, TaskOutputs outputs)
    {
        Passes++;
        base.ForwardGroups(groups, outputs);
    }

    protected override void Forward(BatchInput input, TaskSelection tasks, TaskOutputs outputs)
    {
        TasksAsked += tasks.Count;
        Heard = input.Values.mean().item<double>();
        foreach (var task in tasks.Indices)
        {
            outputs[task] = said[task].mul(1);
            if (read[task] is { } features)
            {
                outputs.SetFeatures(task, features);
            }
        }
    }
}

/// <summary>Forward passes of a student, and the losses that a distillation makes of them.</summary>
internal static class Lessons
{
    public static Tensor Random(long seed, params long[] shape)
    {
        using var generator = new torch.Generator((ulong)seed, torch.CPU);
        return torch.randn(shape, dtype: ScalarType.Float64, generator: generator);
    }

    /// <summary>A pass over rows that all tasks look at, whose inputs do not matter.</summary>
    public static ForwardResult Pass(MultiTaskNetwork student, TaskTarget[] labels, StepContext? step = null)
    {
        var input = torch.zeros(labels[0].Values.size(0), 2, ScalarType.Float64);
        var batch = MultiTaskBatch.Shared(student.Tasks.All, input, labels);
        return new(
            student,
            batch,
            student.Forward(batch, student.Tasks.All),
            step ?? new StepContext { Tasks = student.Tasks }
        );
    }

    public static Tensor LabelLoss(ForwardResult pass, int task) =>
        pass.Network.Tasks[task].Loss.Compute(pass.Outputs[task], pass.Batch.TargetOf(task));

    /// <summary>The loss of a task with the distillation's term in it.</summary>
    public static Tensor Learn(AuxiliaryLoss distillation, ForwardResult pass, int task = 0) =>
        distillation.Add(LabelLoss(pass, task), task, pass);

    /// <summary>Compares the gradient of a scalar by a parameter with central differences.</summary>
    public static void CheckGradient(Parameter parameter, Func<Tensor> compute)
    {
        const double Step = 1e-5;
        parameter.grad?.zero_();
        compute().backward();
        var gradient = Plait.Torch.Numbers.Read(parameter.grad!);
        using var noGrad = torch.no_grad();
        var flat = parameter.view(-1);
        for (var i = 0; i < gradient.Length; i++)
        {
            var entry = flat[i];
            var start = entry.item<double>();
            entry.fill_(start + Step);
            var above = compute().item<double>();
            entry.fill_(start - Step);
            var below = compute().item<double>();
            entry.fill_(start);
            Assert.Equal((above - below) / (2 * Step), gradient[i], 1e-7);
        }
    }
}
