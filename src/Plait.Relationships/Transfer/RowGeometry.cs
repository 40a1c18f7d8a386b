using Plait.Numerics;
using Plait.Torch;

namespace Plait.Relationships.Transfer;

/// <summary>How rows of features lie to each other, as vectors that can be compared between networks.</summary>
internal static class RowGeometry
{
    /// <summary>Each row divided by its length; a row of zeros stays.</summary>
    public static Tensor UnitRows(Tensor rows)
    {
        using var scope = torch.NewDisposeScope();
        var length = rows.square().sum([1L], keepdim: true).sqrt();
        return rows.div(torch.where(length.gt(0), length, torch.ones_like(length))).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The ranks of what stands below the diagonal of a matrix of rows by rows, centred and of length 1: the inner product of two
    /// such vectors is Spearman's correlation.
    /// </summary>
    /// <exception cref="ArgumentException">All entries are equal.</exception>
    public static Tensor PairRanks(Tensor square, string task)
    {
        var rows = (int)square.size(0);
        var entries = Numbers.Read(square);
        var below = new double[rows * (rows - 1) / 2];
        var next = 0;
        for (var row = 1; row < rows; row++)
        {
            entries.AsSpan(row * rows, row).CopyTo(below.AsSpan(next));
            next += row;
        }

        using var scope = torch.NewDisposeScope();
        var ranks = torch.tensor(Ranks.Of(below));
        var centred = ranks.sub(ranks.mean());
        var length = centred.square().sum().sqrt();
        return length.ToDouble() > 0
            ? centred.div(length).MoveToOuterDisposeScope()
            : throw new ArgumentException(
                $"The network of '{task}' sees no pair of probes as nearer than another: its features are constant, or a single number. Train it longer, or look at a wider or earlier stage."
            );
    }
}
