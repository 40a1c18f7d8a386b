using Plait.Data;
using Plait.Networks;
using Plait.Tabular.Features;
using Plait.Tasks;
using Plait.Training;

namespace Plait.Tabular.Models;

/// <summary>A network trained on a table, with all that turns rows into its inputs and its outputs into values of the targets.</summary>
/// <remarks>It is kept in a folder of three files: <c>network.safetensors</c>, <c>preprocessing.json</c> and <c>model.json</c>.</remarks>
public sealed class TabularModel : IDisposable
{
    private const long BlockRows = 64;

    internal TabularModel(
        MultiTaskNetwork network,
        Preprocessing preprocessing,
        RunSpecification run,
        TestReport? test = null
    )
    {
        Network = network;
        Preprocessing = preprocessing;
        Run = run;
        Test = test;
        network.eval();
    }

    /// <summary>The network, in eval mode.</summary>
    public MultiTaskNetwork Network { get; }

    /// <summary>Turns rows of a table into the network's inputs.</summary>
    public Preprocessing Preprocessing { get; }

    /// <summary>How the network was made and trained.</summary>
    public RunSpecification Run { get; }

    /// <summary>How well it did on rows that it had not seen; null when none were kept for that.</summary>
    public TestReport? Test { get; }

    /// <summary>The tasks, one a target.</summary>
    public TaskSet Tasks => Network.Tasks;

    /// <summary>Saves the model, whole or not at all.</summary>
    /// <param name="folder">Made where it is absent; a model that is there already is replaced.</param>
    /// <exception cref="IOException">The folder holds something else, or cannot be written; what was there is as it was.</exception>
    public void Save(string folder) => ModelFolder.Write(this, folder);

    /// <summary>Takes a model back from its folder.</summary>
    /// <param name="folder">What <see cref="Save"/> wrote.</param>
    /// <param name="device">Where it is to run, whatever it was trained on: "cpu", "cuda", "cuda:1" or "mps".</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">A file is missing in it.</exception>
    /// <exception cref="InvalidDataException">A file is damaged, of another version, or of another model.</exception>
    /// <exception cref="TableException">The preprocessing is damaged.</exception>
    public static TabularModel Load(string folder, string device = "cpu") => ModelFolder.Read(folder, device);

    /// <summary>The outputs for some rows: logits of classes, and standardised numbers.</summary>
    /// <remarks>
    /// The network sees blocks of always the same size, the last one filled up, so that a row's outputs are the same to the bit
    /// whatever rows stand beside it.
    /// </remarks>
    /// <param name="input">[rows, inputs], float, as <see cref="Preprocessing"/> makes them.</param>
    /// <returns>Each [rows, outputs], on the model's device; they belong to the dispose scope around the call.</returns>
    /// <exception cref="ArgumentException">The input has another width than the network.</exception>
    public TaskOutputs Predict(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.dim() != 2 || input.size(1) != Preprocessing.InputWidth)
        {
            throw new ArgumentException(
                $"The model takes inputs of [rows, {Preprocessing.InputWidth}]; got {TargetShapes.Text(input.shape)}.",
                nameof(input)
            );
        }

        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var parts = new List<Tensor>[Tasks.Count];
        for (var task = 0; task < parts.Length; task++)
        {
            parts[task] = [];
        }

        var rows = input.size(0);
        for (var start = 0L; start == 0 || start < rows; start += BlockRows)
        {
            AddBlock(input, start, Math.Min(BlockRows, rows - start), parts);
        }

        var outputs = new TaskOutputs(Tasks.All);
        for (var task = 0; task < parts.Length; task++)
        {
            outputs[task] = torch.cat(parts[task], 0).MoveToOuterDisposeScope();
        }

        return outputs;
    }

    /// <summary>Judges the model on a table that has the targets; a target counts on the rows that have it.</summary>
    /// <remarks>
    /// A row whose class the model does not know is left out of that target's metrics, and <see cref="TestReport.Warnings"/> count such
    /// rows: a metric such as AUC has no place for a class without a probability.
    /// Columns that weighed the training rows weigh these too, where the file has them; <see cref="TestReport.Weights"/> names those.
    /// </remarks>
    /// <param name="path">A CSV file with the columns that the model was trained on, in any order.</param>
    /// <param name="metrics">What to judge by, each metric on the targets that it suits; null for what tells most.</param>
    /// <param name="cancel">Stops between pieces of the file.</param>
    /// <exception cref="TableException">The file cannot be read, or lacks a column.</exception>
    /// <exception cref="FormatException">A metric suits no target.</exception>
    public TestReport Evaluate(
        string path,
        IReadOnlyList<Metric>? metrics = null,
        CancellationToken cancel = default
    ) => TableEvaluation.Run(this, path, metrics, cancel);

    /// <inheritdoc/>
    public void Dispose() => Network.Dispose();

    private void AddBlock(Tensor input, long start, long length, List<Tensor>[] parts)
    {
        using var scope = torch.NewDisposeScope();
        var block = torch.zeros(BlockRows, input.size(1), ScalarType.Float32, Network.Device);
        block.narrow(0, 0, length).copy_(input.narrow(0, start, length));
        var outputs = Network.Forward(MultiTaskBatch.Unlabelled(Tasks.All, block), Tasks.All);
        for (var task = 0; task < parts.Length; task++)
        {
            parts[task].Add(outputs[task].narrow(0, 0, length).MoveToOuterDisposeScope());
        }
    }
}
