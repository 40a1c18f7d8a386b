using Plait.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Networks.Encoders;

/// <summary>Weights of encoders in files: public checkpoints, and our own under the same names.</summary>
/// <remarks>
/// Residual networks have torchvision's names, <see cref="HrNet"/> those of its authors' code, all others the names of their own
/// parameters. What belongs to a classifier is left aside. An encoder that was loaded hands its weights on to those made from it, by
/// <see cref="Encoder.Replicate"/>, <see cref="Encoder.WithInput"/> and <see cref="Encoder.WithUnits"/>.
/// </remarks>
public static class EncoderWeights
{
    private const string Parallel = "module."; // what torch.nn.DataParallel puts before every name
    private const int ImageNetClasses = 1000;
    private const string ImagesKey = "images"; // in the metadata of our files: the name of the normalisation
    private const string Counter = "num_batches_tracked"; // absent from files before PyTorch 0.4.1, and not used

    /// <summary>Loads an encoder's parameters and running statistics from a safetensors file or a PyTorch state dictionary (.pt, .pth).</summary>
    /// <param name="encoder">The encoder, made with the options that the weights belong to.</param>
    /// <param name="path">The file; what it is shows in its first bytes, not in its name.</param>
    /// <exception cref="InvalidDataException">
    /// The file is damaged, or its tensors are not exactly this encoder's by name and shape; the encoder is as it was.
    /// </exception>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    public static void Load(Encoder encoder, string path)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentException.ThrowIfNullOrEmpty(path);
        Load(encoder, Read(path).State, path);
    }

    /// <summary>Loads an encoder's parameters and running statistics from tensors under their public names.</summary>
    /// <param name="encoder">The encoder, made with the options that the weights belong to.</param>
    /// <param name="state">The tensors.</param>
    /// <param name="path">The file that they came from, for messages and <see cref="Encoder.WeightsFile"/>.</param>
    /// <exception cref="InvalidDataException">The tensors are not exactly this encoder's by name and shape; the encoder is as it was.</exception>
    public static void Load(Encoder encoder, StateDictionary state, string path)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentNullException.ThrowIfNull(state);
        ArgumentException.ThrowIfNullOrEmpty(path);
        var places = Tensors(encoder).ToDictionary(pair => encoder.PublicName(pair.Name), pair => pair.Tensor);
        var found = state.Names.ToDictionary(WithoutParallel);
        Check(encoder, path, state, places, found);

        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        foreach (var (name, tensor) in places)
        {
            if (found.TryGetValue(name, out var entry))
            {
                tensor.copy_(state.Tensor(entry));
            }
        }

        encoder.WeightsFile = path;
    }

    /// <summary>Whether a file's weights expect images that are normalised by <see cref="ImageNormalisation.ImageNet"/>.</summary>
    /// <remarks>
    /// So it is where its classifier, which is left aside, has ImageNet's thousand classes, as torchvision's have, and where
    /// <see cref="Save"/> wrote an encoder that normalises so.
    /// </remarks>
    /// <param name="path">A safetensors file or a PyTorch state dictionary.</param>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    public static bool AreOfImageNet(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var (state, metadata) = Read(path);
        return metadata.GetValueOrDefault(ImagesKey) == ImageNormalisation.ImageNetName
            || state.Names.Any(name =>
                WithoutParallel(name) is "fc.weight" or "classifier.weight"
                && state.Entry(name).Shape is [ImageNetClasses, _]
            );
    }

    /// <summary>Writes an encoder's parameters and running statistics to a safetensors file under their public names, atomically.</summary>
    /// <remarks>Where the encoder normalises images by <see cref="ImageNormalisation.ImageNet"/>, the file's metadata says so: <c>images</c> is <c>imagenet</c>.</remarks>
    /// <exception cref="IOException">It cannot be written; a file that was there is as it was.</exception>
    public static void Save(Encoder encoder, string path)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        var state = new StateDictionary();
        foreach (var (name, tensor) in Tensors(encoder))
        {
            state.Set(encoder.PublicName(name), tensor);
        }

        var metadata = new Dictionary<string, string> { ["format"] = "pt" };
        if (encoder.Normalisation == ImageNormalisation.ImageNet)
        {
            metadata[ImagesKey] = ImageNormalisation.ImageNetName;
        }

        SafeTensorsFile.Write(path, state, metadata);
    }

    private static (StateDictionary State, IReadOnlyDictionary<string, string> Metadata) Read(string path) =>
        PyTorchFile.IsOne(path)
            ? (PyTorchFile.Read(path), new Dictionary<string, string>())
            : SafeTensorsFile.Read(path);

    /// <summary>Hands the weights of a loaded encoder on to one of the same make.</summary>
    /// <param name="from">The loaded one.</param>
    /// <param name="to">The other one.</param>
    /// <param name="units">What the other one is built of, if it is not what the loaded one is built of.</param>
    /// <exception cref="NotSupportedException">Another input, or these units, make that impossible.</exception>
    internal static void Carry(Encoder from, Encoder to, ConvolutionUnits? units)
    {
        using var noGrad = torch.no_grad();
        if (units is null)
        {
            CarryAll(from, to);
        }
        else
        {
            var places = to.named_modules().ToDictionary(pair => pair.name, pair => pair.module);
            foreach (var (name, plain) in from.named_modules().Where(pair => IsPlainUnit(pair.module)))
            {
                units.TakeOver((Module<Tensor, Tensor>)plain, (Module<Tensor, Tensor>)places[name]);
            }

            CarryExcitations(from, places);
        }

        to.WeightsFile = from.WeightsFile;
    }

    private static void CarryAll(Encoder from, Encoder to)
    {
        foreach (var ((name, mine), (_, its)) in Tensors(from).Zip(Tensors(to)))
        {
            if (!mine.shape.SequenceEqual(its.shape))
            {
                throw new NotSupportedException(
                    $"The weights of {from.WeightsFile} do not fit another input: '{from.PublicName(name)}' is [{Shape(mine.shape)}] there and would be [{Shape(its.shape)}] here; choose another network, or leave the encoder's weights out."
                );
            }

            its.copy_(mine);
        }
    }

    /// <summary>Excitations of SE-ResNets: what stands in the place of one, or in it for each task, starts from it.</summary>
    private static void CarryExcitations(Encoder from, Dictionary<string, Module> places)
    {
        foreach (var (name, module) in from.named_modules())
        {
            if (module is SqueezeExcitation trained)
            {
                foreach (
                    var own in places.Where(pair =>
                        pair.Key == name || pair.Key.StartsWith($"{name}.", StringComparison.Ordinal)
                    )
                )
                {
                    (own.Value as SqueezeExcitation)?.TakeOver(trained);
                }
            }
        }
    }

    private static bool IsPlainUnit(Module module) =>
        module is Sequential
        && module.children().ToArray() is [TorchSharp.Modules.Conv2d, TorchSharp.Modules.BatchNorm2d];

    private static void Check(
        Encoder encoder,
        string path,
        StateDictionary state,
        Dictionary<string, Tensor> places,
        Dictionary<string, string> found
    )
    {
        var who = encoder.GetName();
        const string Remedy = "choose the encoder and the options (such as width, stem and blocks) that they belong to";
        var first = places.First().Key;
        foreach (var (name, tensor) in places.Where(pair => found.ContainsKey(pair.Key)))
        {
            var entry = state.Entry(found[name]);
            if (!entry.Shape.SequenceEqual(tensor.shape))
            {
                throw new InvalidDataException(
                    name == first && DiffersInChannelsAlone(entry.Shape, tensor.shape)
                        ? $"{path}: '{name}' [{Shape(entry.Shape)}] reads images of {entry.Shape[1]} channels and {who} is given images of {tensor.shape[1]}; give it images of {entry.Shape[1]} channels, or train without these weights."
                        : $"{path}: '{name}' is [{Shape(entry.Shape)}] in the file and [{Shape(tensor.shape)}] in {who}; {Remedy}."
                );
            }

            if (torch.is_floating_point(tensor) != IsFloating(entry.Type))
            {
                throw new InvalidDataException(
                    $"{path}: '{name}' has elements of type {entry.Type} and {who} expects {tensor.dtype}; save the weights as floating-point numbers."
                );
            }
        }

        Refuse(
            [
                .. places.Keys.Where(name =>
                    !found.ContainsKey(name) && !name.EndsWith(Counter, StringComparison.Ordinal)
                ),
            ],
            name => $"has no '{name}', which is [{Shape(places[name].shape)}] in {who}"
        );
        Refuse(
            [.. found.Keys.Where(name => !places.ContainsKey(name) && !encoder.IsLeftOut(name))],
            name =>
                $"has '{ForeignText.Printable(name)}' [{Shape(state.Entry(found[name]).Shape)}], which {who} does not have"
        );

        void Refuse(string[] names, Func<string, string> what)
        {
            if (names.Length > 0)
            {
                var others = names.Length == 1 ? "" : $" (and {names.Length - 1} more)";
                throw new InvalidDataException($"{path}: the file {what(names[0])}{others}; {Remedy}.");
            }
        }
    }

    private static bool DiffersInChannelsAlone(long[] found, long[] expected) =>
        found.Length == 4
        && expected.Length == 4
        && found.Where((size, axis) => axis != 1 && size != expected[axis]).FirstOrDefault() == 0;

    private static bool IsFloating(ScalarType type) =>
        type is ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64;

    private static string WithoutParallel(string name) =>
        name.StartsWith(Parallel, StringComparison.Ordinal) ? name[Parallel.Length..] : name;

    private static string Shape(long[] shape) => string.Join(", ", shape);

    private static IEnumerable<(string Name, Tensor Tensor)> Tensors(Encoder encoder) =>
        encoder
            .named_parameters()
            .Select(pair => (pair.name, (Tensor)pair.parameter))
            .Concat(encoder.named_buffers().Select(pair => (pair.name, pair.buffer)));
}
