using Plait.Catalogue;
using Plait.Data;
using Plait.Networks;
using Plait.Networks.Encoders;
using Plait.Networks.Heads;
using Plait.Optimization;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Torch;

namespace Plait.Tests.Catalogue;

/// <summary>Sizes beyond any network are refused before anything of such a size is made.</summary>
[Collection("torch")]
public sealed class OptionSizeTests
{
    private static readonly TaskSet Tasks = new(LearningTask.Regression("price"), LearningTask.Binary("sold"));

    public static TheoryData<string> Specifications()
    {
        var sizes = new TheoryData<string>();
        foreach (var kind in new[] { MethodKind.Architecture, MethodKind.Encoder, MethodKind.Head })
        {
            foreach (var entry in MethodCatalog.Of(kind))
            {
                foreach (var option in Sizes(entry))
                {
                    sizes.Add($"{kind} {entry.Name}:{option}=2000000000");
                }
            }
        }

        return sizes;
    }

    [Theory]
    [MemberData(nameof(Specifications))]
    public void Every_size_of_a_network_has_an_end(string text)
    {
        var (kind, specification) = (text.Split(' ')[0], text.Split(' ')[1]);
        using var encoder = new Mlp(4, [4]);

        var refused = Assert.Throws<FormatException>(() =>
            kind == nameof(MethodKind.Architecture)
                ? MethodCatalog.Create<MultiTaskNetwork>(specification, Tasks, encoder)
            : kind == nameof(MethodKind.Encoder)
                ? MethodCatalog.Create<Encoder>(specification, InputOf(specification).Arguments)
            : (object)MethodCatalog.Create<DenseHead>(specification)
        );

        Assert.Contains("takes whole numbers up to 65536; got '2000000000'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Widths_of_other_methods_have_one_too() =>
        Assert.Throws<FormatException>(() => MethodCatalog.Create<GradientAggregator>("great:width=100000"));

    [Fact]
    public void Layers_that_do_not_fit_in_memory_are_refused_with_what_they_take()
    {
        var widths = string.Join('-', Enumerable.Repeat(65536, 256)); // 4.4 TB

        var refused = Assert.Throws<FormatException>(() =>
            MethodCatalog.Create<Encoder>($"mlp:widths={widths}", 10L, new long[] { 10 })
        );

        Assert.Contains("4,380.9 GB of memory", refused.Message, StringComparison.Ordinal);
        Assert.Contains("take smaller widths", refused.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new Mlp(10, Enumerable.Repeat(int.MaxValue, 3).ToArray()));
    }

    [Theory]
    [InlineData(100, 0, 400, true)]
    [InlineData(101, 0, 400, false)]
    [InlineData(100, 1, 400, false)]
    [InlineData(double.PositiveInfinity, 0, long.MaxValue, false)]
    public void Numbers_of_four_bytes_fit_beside_what_is_used(double numbers, long used, long total, bool fits) =>
        Assert.Equal(fits, MemoryRoom.Fits(numbers, used, total));

    private static InputSpec InputOf(string encoder) =>
        Surroundings.InputOf(MethodCatalog.Of(MethodKind.Encoder).Single(entry => entry.Name == encoder.Split(':')[0]));

    private static IEnumerable<string> Sizes(MethodEntry entry) =>
        entry
            .Type.GetConstructors()
            .OrderByDescending(constructor => constructor.GetParameters().Length)
            .First()
            .GetParameters()
            .Where(parameter =>
                (Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType) is { } type
                && (type == typeof(int) || type == typeof(int[]))
            )
            .Select(parameter =>
                string.Concat(parameter.Name!.Select(c => char.IsUpper(c) ? $"-{char.ToLowerInvariant(c)}" : $"{c}"))
            );
}
