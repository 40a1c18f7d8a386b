using Plait.Catalogue;
using Plait.Networks.Encoders;

namespace Plait.Tests.Networks.Encoders;

/// <summary>Encoders of small images, and what is asked of them where weights are saved and loaded.</summary>
internal static class SmallEncoders
{
    /// <summary>Its parameters and statistics under the names that a file has them by.</summary>
    public static IEnumerable<(string, Tensor)> Public(Encoder encoder) =>
        encoder.state_dict().Select(pair => (encoder.PublicName(pair.Key), pair.Value));

    /// <summary>Whether two compute the same of an input.</summary>
    public static bool Same(Encoder one, Encoder other, Tensor input)
    {
        one.eval();
        other.eval();
        return one.call(input).allclose(other.call(input), rtol: 1e-4, atol: 1e-6);
    }

    /// <summary>The encoder of a name of the catalogue, for images of 3 channels and 32 by 32 pixels.</summary>
    public static Encoder Create(string name) =>
        MethodCatalog.Create<Encoder>(name, 3L * 32 * 32, new long[] { 3, 32, 32 });

    /// <summary>An encoder whose running statistics, scales and shifts are no longer those it starts with.</summary>
    public static Encoder Trained(string name)
    {
        var encoder = Create(name);
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        encoder.call(torch.randn(8, 3, 32, 32));
        foreach (var parameter in encoder.parameters())
        {
            parameter.add_(torch.randn_like(parameter) * 0.1);
        }

        return encoder;
    }
}
