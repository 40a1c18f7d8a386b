using System.Text.Json;
using Plait.Torch;
using Plait.Training;
using static TorchSharp.torch.nn;

namespace Plait.Relationships.Embedding;

/// <summary>A <see cref="TecNets"/> that reads and writes numbers in the units of its demonstrations, and that a file can hold.</summary>
/// <remarks>
/// Observations and actions are brought to mean 0 and deviation 1 over the demonstrations that it learned from; what is constant there is
/// only centred. The file is a safetensors file with the layout in its metadata, so that it loads without another.
/// </remarks>
public sealed class ImitationModel : Module
{
    private const string Format = "plait-tecnets";
    private const string LayoutKey = "layout";
    private const string ObservationPart = "observation";
    private const string ActionPart = "action";

    /// <summary>Builds one that has learned nothing and whose scales are 1.</summary>
    /// <param name="layout">Sizes and names.</param>
    /// <param name="margin">Of cosines, above 0; matters to learning alone, as the weights do.</param>
    /// <param name="embeddingWeight">Of the embedding loss, 0 or more.</param>
    /// <param name="supportWeight">Of the control loss on the support, 0 or more.</param>
    /// <param name="queryWeight">Of the control loss on the query, 0 or more.</param>
    /// <exception cref="ArgumentException">The layout has a size that is not above 0.</exception>
    public ImitationModel(
        DemonstrationLayout layout,
        double margin = 0.1,
        double embeddingWeight = 1,
        double supportWeight = 1,
        double queryWeight = 1
    )
        : base(nameof(ImitationModel))
    {
        ArgumentNullException.ThrowIfNull(layout);
        if (!layout.IsPossible)
        {
            throw new ArgumentException(
                $"Demonstrations have observations, actions and steps, and networks have widths above 0; got {layout}.",
                nameof(layout)
            );
        }

        Layout = layout;
        Network = TecNets.Mlp(
            layout.Steps,
            layout.Observations.Count,
            layout.Actions.Count,
            layout.Width,
            [.. layout.Hidden],
            margin,
            embeddingWeight,
            supportWeight,
            queryWeight
        );
        register_module("network", Network);
        foreach (
            var (part, width) in new[]
            {
                (ObservationPart, layout.Observations.Count),
                (ActionPart, layout.Actions.Count),
            }
        )
        {
            register_buffer(MeanOf(part), torch.zeros(width, ScalarType.Float64).DetachFromDisposeScope());
            register_buffer(ScaleOf(part), torch.ones(width, ScalarType.Float64).DetachFromDisposeScope());
        }
    }

    /// <summary>Sizes and names.</summary>
    public DemonstrationLayout Layout { get; }

    /// <summary>The network itself, which reads and writes scaled numbers.</summary>
    public TecNets Network { get; }

    /// <summary>Takes means and deviations from the demonstrations that are to be learned from.</summary>
    /// <param name="observations">[..., observations].</param>
    /// <param name="actions">[..., actions].</param>
    public void FitScales(Tensor observations, Tensor actions)
    {
        ArgumentNullException.ThrowIfNull(observations);
        ArgumentNullException.ThrowIfNull(actions);
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        foreach (var (part, values) in new[] { (ObservationPart, observations), (ActionPart, actions) })
        {
            var rows = values.to(ScalarType.Float64).reshape(-1, values.shape[^1]);
            var mean = rows.mean([0L]);
            var deviation = rows.sub(mean).square().mean([0L]).sqrt();
            Buffer(MeanOf(part)).copy_(mean);
            Buffer(ScaleOf(part)).copy_(torch.where(deviation.gt(0), deviation, torch.ones_like(deviation)));
        }
    }

    /// <summary>Observations as the network reads them, in single precision.</summary>
    /// <param name="observations">[..., observations].</param>
    public Tensor ScaleObservations(Tensor observations) => Scale(observations, ObservationPart);

    /// <summary>Actions as the network reads and writes them, in single precision.</summary>
    /// <param name="actions">[..., actions].</param>
    public Tensor ScaleActions(Tensor actions) => Scale(actions, ActionPart);

    /// <summary>The sentence of each task.</summary>
    /// <param name="observations">[tasks, demonstrations, steps, observations], one demonstration or more.</param>
    /// <param name="actions">[tasks, demonstrations, steps, actions].</param>
    /// <returns>[tasks, width], rows of unit length.</returns>
    public Tensor Sentence(Tensor observations, Tensor actions)
    {
        using var scope = torch.NewDisposeScope();
        return Network.Sentence(ScaleObservations(observations), ScaleActions(actions)).MoveToOuterDisposeScope();
    }

    /// <summary>What to do.</summary>
    /// <param name="observations">[tasks, rows, observations].</param>
    /// <param name="sentences">[tasks, width], from <see cref="Sentence"/>.</param>
    /// <returns>[tasks, rows, actions], in double precision.</returns>
    public Tensor Act(Tensor observations, Tensor sentences)
    {
        using var scope = torch.NewDisposeScope();
        var scaled = Network.Act(ScaleObservations(observations), sentences).to(ScalarType.Float64);
        return scaled.mul(Buffer(ScaleOf(ActionPart))).add(Buffer(MeanOf(ActionPart))).MoveToOuterDisposeScope();
    }

    /// <summary>Writes it to a safetensors file, atomically.</summary>
    /// <exception cref="IOException">It cannot be written; a file that was there is as it was.</exception>
    public void Save(string path) =>
        SafeTensorsFile.Write(
            path,
            NetworkState.Take(this),
            new Dictionary<string, string> { ["format"] = Format, [LayoutKey] = JsonSerializer.Serialize(Layout) }
        );

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The file is damaged or holds something else.</exception>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    public static ImitationModel Load(string path)
    {
        var (state, metadata) = SafeTensorsFile.Read(path);
        if (metadata.GetValueOrDefault("format") != Format || LayoutIn(metadata) is not { IsPossible: true } layout)
        {
            throw new InvalidDataException(
                $"{path}: this file holds no trained TecNets; give the network.safetensors that `plait embed tecnets` or Save wrote."
            );
        }

        var model = new ImitationModel(layout);
        try
        {
            NetworkState.Put(model, state);
            model.eval();
            return model;
        }
        catch (InvalidDataException failure)
        {
            model.Dispose();
            throw new InvalidDataException($"{path}: {failure.Message}", failure);
        }
    }

    private static DemonstrationLayout? LayoutIn(IReadOnlyDictionary<string, string> metadata)
    {
        try
        {
            return JsonSerializer.Deserialize<DemonstrationLayout>(metadata.GetValueOrDefault(LayoutKey) ?? "null");
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private Tensor Scale(Tensor values, string part)
    {
        ArgumentNullException.ThrowIfNull(values);
        using var scope = torch.NewDisposeScope();
        return values
            .to(ScalarType.Float64)
            .sub(Buffer(MeanOf(part)))
            .div(Buffer(ScaleOf(part)))
            .to(ScalarType.Float32)
            .MoveToOuterDisposeScope();
    }

    private Tensor Buffer(string name) => get_buffer(name)!;

    private static string MeanOf(string part) => $"{part}-mean";

    private static string ScaleOf(string part) => $"{part}-scale";
}
