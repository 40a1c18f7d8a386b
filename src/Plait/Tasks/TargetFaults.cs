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

        using var noGrad = torch.no_grad();
        var place = marked.flatten().to(ScalarType.Byte).argmax().item<long>();
        var number = numbers.flatten()[place].ToDouble();
        var row = place / Math.Max(1, numbers.numel() / Math.Max(1, numbers.size(0)));
        return string.Create(CultureInfo.InvariantCulture, $"{number:G9} in row {row}");
    }

    /// <summary>The first number that is not finite; null when all are.</summary>
    /// <remarks>The sum is looked at first: it takes no memory, and is finite where all numbers are, unless they are huge.</remarks>
    public static string? FirstNotFinite(Tensor numbers)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        return !numbers.is_floating_point() || double.IsFinite(numbers.sum().ToDouble())
            ? null
            : First(numbers, numbers.isfinite().logical_not());
    }

    /// <summary>The first number of a present target that is outside a range, or no number; null when there is none.</summary>
    /// <remarks>The least and the largest number are looked at first, which takes no memory.</remarks>
    /// <param name="target">Where targets are missing, any number of the range may stand.</param>
    /// <param name="least">The least that may be.</param>
    /// <param name="most">The largest that may be.</param>
    /// <param name="ignored">A number that may be too.</param>
    public static string? FirstOutside(TaskTarget target, long least, long most, long? ignored = null)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var values = target.Values;
        if (values.numel() == 0 || (values.min().ToDouble() >= least && values.max().ToDouble() <= most))
        {
            return null;
        }

        var outside = values.ge(least).logical_and(values.le(most)).logical_not();
        outside = ignored is { } other ? outside.logical_and(values.ne(other)) : outside;
        return First(values, target.Present is { } present ? outside.logical_and(present.ne(0)) : outside);
    }
}
