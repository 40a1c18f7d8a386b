using Plait.Networks;
using Plait.Networks.Encoders;
using static TorchSharp.torch.nn;

namespace Plait.Relationships.Transfer;

/// <summary>The encoder of a network that learned one task, as the measures of network similarity look at it.</summary>
public sealed class ProbedNetwork
{
    private const int ChunkOfRows = 256; // rows that go forward at once, which bounds the memory of images

    private readonly Module<Tensor, Tensor>[] stages;

    /// <summary>Names a chain of stages.</summary>
    /// <param name="task">The task that it learned.</param>
    /// <param name="stages">From the input to the features, at least one; not owned.</param>
    /// <exception cref="ArgumentException">There is no stage.</exception>
    public ProbedNetwork(string task, params IEnumerable<Module<Tensor, Tensor>> stages)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(task);
        ArgumentNullException.ThrowIfNull(stages);
        this.stages = [.. stages];
        if (this.stages.Length == 0)
        {
            throw new ArgumentException(
                $"The encoder of '{task}' has no layer: its features are the inputs, and networks cannot differ in them. Train with an encoder that has layers.",
                nameof(stages)
            );
        }

        Task = task;
    }

    /// <summary>The task that the network learned.</summary>
    public string Task { get; }

    /// <summary>The stages, from the input to the features.</summary>
    public IReadOnlyList<Module<Tensor, Tensor>> Stages => stages;

    /// <summary>What the stages are of, where that is known.</summary>
    private Encoder? Encoder { get; init; }

    /// <summary>An encoder that learned the task of its name.</summary>
    internal static ProbedNetwork Of(Encoder encoder) => Of(encoder.GetName(), encoder);

    /// <summary>The encoder of each task of a network: of one that learned a single task, or of the single-task baseline.</summary>
    /// <param name="network">A network whose heads each read one encoder, such as hps or single-task.</param>
    /// <returns>One a task, in the order of the tasks.</returns>
    /// <exception cref="NotSupportedException">A head reads something else.</exception>
    public static IReadOnlyList<ProbedNetwork> Of(MultiTaskNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return
        [
            .. network.Tasks.Select(
                (task, place) =>
                    Of(
                        task.Name,
                        network.EncoderOf(place)
                            ?? throw new NotSupportedException(
                                $"The head of '{task.Name}' in {network.GetName()} reads more than one encoder; train each task with hps or single-task."
                            )
                    )
            ),
        ];
    }

    /// <summary>What the layers of the first stage read, where they are gone through one by one: normalised images.</summary>
    internal Tensor Enter(Tensor input) => Encoder?.Normalise(input) ?? input;

    /// <summary>Features of rows, each laid out flat: [rows, width]. Differentiable.</summary>
    /// <param name="input">[rows, ...].</param>
    /// <param name="stage">The stage whose output is taken, from 0; the last when null.</param>
    internal Tensor Features(Tensor input, int? stage)
    {
        var features = stages[..(Last(stage) + 1)].Aggregate(input, (read, module) => module.call(read));
        return features.dim() == 2 ? features : features.flatten(1);
    }

    /// <summary>Looks at rows piece by piece, in eval mode, and joins what was seen.</summary>
    internal Tensor Look(Tensor probes, Func<Tensor, Tensor> look)
    {
        using var scope = torch.NewDisposeScope();
        using var mode = new EvaluationMode(stages);
        var device = stages.SelectMany(stage => stage.parameters()).FirstOrDefault()?.device ?? probes.device;
        Tensor[] seen =
        [
            .. probes
                .split(ChunkOfRows)
                .Select(rows =>
                {
                    using var inner = torch.NewDisposeScope();
                    return look(rows.detach().to(device)).detach().MoveToOuterDisposeScope();
                }),
        ];
        return torch.cat(seen, 0).cpu().MoveToOuterDisposeScope();
    }

    /// <summary>The place of a stage.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such stage.</exception>
    internal int Last(int? stage) =>
        stage is null ? stages.Length - 1
        : stage >= 0 && stage < stages.Length ? stage.Value
        : throw new ArgumentOutOfRangeException(
            nameof(stage),
            $"The encoder of '{Task}' has the stages 0 to {stages.Length - 1}; got {stage}."
        );

    private static ProbedNetwork Of(string task, Encoder encoder) => new(task, encoder.Stages) { Encoder = encoder };
}
