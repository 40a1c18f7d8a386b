using System.Reflection;
using Plait.Catalogue;
using Plait.Data;

namespace Plait.Networks.Encoders;

/// <summary>Says what an encoder reads, so that other rows are refused before it is made.</summary>
/// <param name="inputs">The kinds of <see cref="InputSpec"/>.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ReadsAttribute(params Type[] inputs) : Attribute
{
    /// <summary>The kinds of input.</summary>
    public IReadOnlyList<Type> Inputs => inputs;

    /// <summary>Refuses rows that an encoder of the catalogue does not read.</summary>
    /// <param name="encoder">Its name, with options or without.</param>
    /// <param name="input">What the data gives.</param>
    /// <exception cref="FormatException">It reads something else; the message says what, and which encoder would do.</exception>
    internal static void Require(string encoder, InputSpec input)
    {
        var name = MethodSpecification.Parse(encoder).Name;
        MethodEntry[] all = [.. MethodCatalog.Of(MethodKind.Encoder)];
        if (Array.Find(all, entry => entry.Name == name) is not { } chosen || Fits(chosen, input))
        {
            return; // an unknown name is told by whoever makes the encoder
        }

        throw new FormatException(
            $"'{name}' reads {string.Join(" or ", Of(chosen.Type)!.Inputs.Select(Word))}, and the data gives {input.Text}; choose {Advice(input)}."
        );
    }

    /// <summary>An encoder that reads some rows, in words.</summary>
    internal static string Advice(InputSpec input)
    {
        var named = MethodCatalog.Of(MethodKind.Encoder).FirstOrDefault(entry => Fits(entry, input));
        return named?.Name
            ?? typeof(Encoder)
                .Assembly.GetTypes()
                .FirstOrDefault(type => Of(type)?.Inputs.Any(kind => kind.IsInstanceOfType(input)) == true)
                ?.Name
            ?? "an encoder of your own, since none here reads them";
    }

    private static bool Fits(MethodEntry entry, InputSpec input) =>
        Of(entry.Type) is not { } reads || reads.Inputs.Any(kind => kind.IsInstanceOfType(input));

    private static ReadsAttribute? Of(Type encoder) => encoder.GetCustomAttribute<ReadsAttribute>(inherit: true);

    /// <summary>From "TokenInput" to "tokens", and from "PartsInput" to "parts".</summary>
    private static string Word(Type kind) =>
        $"{kind.Name.Replace("Input", "", StringComparison.Ordinal).ToLowerInvariant().TrimEnd('s')}s";
}
