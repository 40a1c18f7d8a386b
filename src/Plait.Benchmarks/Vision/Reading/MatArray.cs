namespace Plait.Benchmarks.Vision.Reading;

/// <summary>An array of a MAT file, of one of four kinds; its elements come column by column.</summary>
/// <param name="Shape">Its sizes; two or more.</param>
internal sealed record MatArray(int[] Shape)
{
    /// <summary>The elements of an array of numbers, as they are stored.</summary>
    public MatNumbers? Values { get; init; }

    /// <summary>The elements of an array of numbers, in single precision; made when they are asked for, since a file may hold many.</summary>
    public float[]? Numbers => Values?.ToArray();

    /// <summary>The number of an array of one; null of any other.</summary>
    public float? Number => Values is { Count: 1 } one ? one[0] : null;

    /// <summary>The characters of an array of them.</summary>
    public string? Text { get; init; }

    /// <summary>The elements of an array of cells.</summary>
    public MatArray[]? Cells { get; init; }

    /// <summary>The elements of an array of structures: their fields by name.</summary>
    public IReadOnlyList<Dictionary<string, MatArray>> Structures { get; init; } = [];

    /// <summary>A matrix of numbers as a tensor, [rows, columns].</summary>
    /// <param name="file">What errors call the file.</param>
    /// <param name="what">What errors call the array.</param>
    /// <exception cref="InvalidDataException">It is no such matrix.</exception>
    public Tensor ToMap(string file, string what)
    {
        if (Values is not { Count: > 0 } values || Shape.Length != 2)
        {
            throw new InvalidDataException(
                $"'{file}' holds {Kind} of {string.Join(" x ", Shape)} as {what}; expected numbers, height x width."
            );
        }

        using var scope = torch.NewDisposeScope();
        return torch.tensor(values.ToArray(), [Shape[1], Shape[0]]).t().contiguous().MoveToOuterDisposeScope();
    }

    private string Kind =>
        Values is not null ? "numbers"
        : Text is not null ? "text"
        : Cells is not null ? "cells"
        : "structures";
}
