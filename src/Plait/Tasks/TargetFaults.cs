using System.Globalization;

namespace Plait.Tasks;

/// <summary>Finds the number that an error names.</summary>
internal static class TargetFaults
{
    /// <summary>The first of some numbers that is marked, as an error writes it, with its row: "2 in row 7"; null when none is.</summary>
    /// <param name="numbers">[rows, ...].</param>
    /// <param name="marked">True where a number is meant, of the same shape.</param>
    public static string? First(Tensor numbers, Tensor marked)
    {
        using var scope = torch.NewDisposeScope();
        if (numbers.numel() == 0 || !marked.any().item<bool>())
        {
            return null;
        }

        var place = marked.flatten().to(ScalarType.Byte).argmax().item<long>();
        var number = numbers.flatten()[place].to(ScalarType.Float64).item<double>();
        var row = place / Math.Max(1, numbers.numel() / Math.Max(1, numbers.size(0)));
        return string.Create(CultureInfo.InvariantCulture, $"{number:G9} in row {row}");
    }
}
