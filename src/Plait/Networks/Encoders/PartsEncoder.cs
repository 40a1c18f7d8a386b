using Plait.Data;
using TorchSharp.Modules;

namespace Plait.Networks.Encoders;

/// <summary>An encoder for each named part of the input, side by side: what they give makes one vector.</summary>
/// <remarks>Of a row that lacks a part, a vector that is learned takes the place of the part's features; the part's encoder never sees it.</remarks>
[Reads(typeof(PartsInput))]
public sealed class PartsEncoder : Encoder
{
    private readonly (string Name, Encoder Encoder)[] parts;
    private readonly ModuleList<Encoder> encoders;
    private readonly ParameterList absent; // of each part, [width of its features]

    /// <summary>Puts encoders side by side.</summary>
    /// <param name="parts">The name of a part and its encoder, now owned by this one; maps are averaged over their pixels, sequences over their steps.</param>
    /// <exception cref="ArgumentException">There is none, or two have one name.</exception>
    public PartsEncoder(params (string Name, Encoder Encoder)[] parts)
        : base(nameof(PartsEncoder), [(parts ?? []).Sum(part => part.Encoder.Output.Channels)])
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (parts.Length == 0 || parts.DistinctBy(part => part.Name).Count() < parts.Length)
        {
            throw new ArgumentException("Give one encoder or more, each for a part of its own.", nameof(parts));
        }

        this.parts = parts;
        encoders = new ModuleList<Encoder>([.. parts.Select(part => part.Encoder)]);
        absent = new ParameterList([.. parts.Select(part => new Parameter(torch.zeros(part.Encoder.Output.Channels)))]);
        register_module(nameof(encoders), encoders);
        register_module(nameof(absent), absent);
    }

    /// <inheritdoc/>
    public override InputSpec Input =>
        new PartsInput(parts.ToDictionary(part => part.Name, part => part.Encoder.Input));

    /// <inheritdoc/>
    /// <returns>[rows, the sum of the parts' widths].</returns>
    public override Tensor Enter(BatchInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return torch.cat([.. parts.Select((part, place) => FeaturesOf(input, part.Name, place))], 1);
    }

    /// <inheritdoc/>
    protected override Encoder Another() =>
        new PartsEncoder([.. parts.Select(part => (part.Name, part.Encoder.Replicate()))]);

    private Tensor FeaturesOf(BatchInput input, string name, int place)
    {
        var part = input.Part(name);
        if (input.Present(name) is not { } present)
        {
            return encoders[place].PooledFeatures(part);
        }

        var rows = present.nonzero().flatten();
        var stand = absent[place].expand(input.Rows, -1);
        return rows.size(0) == 0 ? stand : stand.index_copy(0, rows, encoders[place].PooledFeatures(part.Select(rows)));
    }
}
