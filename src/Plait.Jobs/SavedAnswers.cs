using System.Text.Json;
using Plait.Data;
using Plait.Networks;
using Plait.Tasks;
using Plait.Torch;

namespace Plait.Jobs;

/// <summary>What a network said of a few images, beside what is true of them, which a job kept in its folder: the dense tasks only.</summary>
public sealed class SavedAnswers
{
    private const string FileName = "answers.safetensors";
    private const string TasksKey = "tasks";
    private const string InputKey = "input";

    private SavedAnswers(SavedMaps input, IReadOnlyList<SavedAnswer> tasks)
    {
        Input = input;
        Tasks = tasks;
    }

    /// <summary>The images as the network read them.</summary>
    public SavedMaps Input { get; }

    /// <summary>The dense tasks.</summary>
    public IReadOnlyList<SavedAnswer> Tasks { get; }

    /// <summary>Reads what a job kept.</summary>
    /// <param name="folder">The job's folder.</param>
    /// <returns>Null where the job kept nothing.</returns>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static SavedAnswers? Load(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            return null;
        }

        using var scope = torch.NewDisposeScope();
        var (state, metadata) = SafeTensorsFile.Read(path);
        var described = JsonSerializer.Deserialize<Described[]>(metadata[TasksKey]) ?? [];
        return new(
            Numbers(state.Tensor(InputKey)),
            [
                .. described.Select(task => new SavedAnswer(
                    task.Name,
                    ColoursOf(task.Kind),
                    Numbers(state.Tensor($"target/{task.Name}")),
                    Numbers(state.Tensor($"present/{task.Name}")),
                    Numbers(state.Tensor($"answer/{task.Name}"))
                )),
            ]
        );
    }

    /// <summary>Keeps the answers to the first rows of a part, where there are dense tasks.</summary>
    internal static void Save(string folder, MultiTaskNetwork network, IDataSet part, int rows)
    {
        var dense = network.Tasks.Where(task => task.Output.IsDense).ToArray();
        if (dense.Length == 0 || !part.Streams.AreShared || part.InputSpec.Shape is null) // one picture is drawn beside all answers
        {
            return;
        }

        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        network.eval();
        using var source = part.Batches((int)Math.Min(rows, part.RowsOf(0)));
        using var batch = source.Read(part.Tasks.All, new long[part.Tasks.Count]);
        var input = batch.Input.to(network.Device);
        var outputs = network.Forward(MultiTaskBatch.Unlabelled(network.Tasks.All, input), network.Tasks.All);
        var state = new StateDictionary();
        state.Set(InputKey, input.cpu());
        foreach (var task in dense)
        {
            var target = batch.TargetOf(part.Tasks.IndexOf(task.Name));
            var values = Channelled(target.Values);
            var present = target.Present is { } marks ? Channelled(marks) : torch.ones_like(values, ScalarType.Float32);
            state.Set($"target/{task.Name}", values.to(ScalarType.Float32).cpu());
            state.Set($"present/{task.Name}", present.cpu());
            state.Set($"answer/{task.Name}", task.Answer.Maps(outputs[task]).to(ScalarType.Float32).cpu());
        }

        var described = dense.Select(task => new Described(
            task.Name,
            JsonSerializer.SerializeToElement(task.Answer.Colours.Name)
        ));
        SafeTensorsFile.Write(
            Path.Combine(folder, FileName),
            state,
            new Dictionary<string, string> { [TasksKey] = JsonSerializer.Serialize(described) }
        );
    }

    private static Tensor Channelled(Tensor values) => values.dim() == 3 ? values.unsqueeze(1) : values;

    private static SavedMaps Numbers(Tensor tensor) =>
        new(
            tensor.contiguous().data<float>().ToArray(),
            (int)tensor.size(0),
            (int)tensor.size(1),
            (int)tensor.size(2),
            (int)tensor.size(3)
        );

    /// <summary>The colours of a name; earlier versions wrote a place in their list.</summary>
    private static AnswerColours ColoursOf(JsonElement kind) =>
        kind.ValueKind == JsonValueKind.Number && kind.TryGetInt32(out var place)
            ? AnswerColours.All.ElementAtOrDefault(place) ?? AnswerColours.Heat
            : AnswerColours.Named(kind.ToString());

    private sealed record Described(string Name, JsonElement Kind);
}

/// <summary>Maps in main memory.</summary>
/// <param name="Numbers">Row by row, channel by channel, line by line.</param>
/// <param name="Rows">Rows of data.</param>
/// <param name="Channels">Channels of each.</param>
/// <param name="Height">Lines of pixels.</param>
/// <param name="Width">Pixels in a line.</param>
public sealed record SavedMaps(float[] Numbers, int Rows, int Channels, int Height, int Width)
{
    /// <summary>One number.</summary>
    public float this[int row, int channel, int y, int x] =>
        Numbers[(((((row * Channels) + channel) * Height) + y) * Width) + x];
}

/// <summary>What a network said for one dense task.</summary>
/// <param name="Task">The task's name.</param>
/// <param name="Colours">What the numbers are drawn with.</param>
/// <param name="Target">What is true.</param>
/// <param name="Present">1 where that is known, 0 elsewhere.</param>
/// <param name="Answer">What the network said.</param>
public sealed record SavedAnswer(
    string Task,
    AnswerColours Colours,
    SavedMaps Target,
    SavedMaps Present,
    SavedMaps Answer
);
