using System.Numerics;

namespace Plait.Numerics;

/// <summary>The number in the middle.</summary>
internal static class Median
{
    /// <summary>The middle number, or the mean of the two in the middle; NaN when there is none or one is NaN.</summary>
    /// <param name="numbers">Finite or infinite numbers; they are put in another order.</param>
    public static double Of<T>(Span<T> numbers)
        where T : struct, IFloatingPointIeee754<T>
    {
        foreach (var number in numbers)
        {
            if (T.IsNaN(number))
            {
                return double.NaN;
            }
        }

        if (numbers.IsEmpty)
        {
            return double.NaN;
        }

        var middle = numbers.Length / 2;
        Select(numbers, middle);
        var upper = double.CreateChecked(numbers[middle]);
        if (numbers.Length % 2 == 1)
        {
            return upper;
        }

        var lower = numbers[0];
        foreach (var number in numbers[1..middle])
        {
            lower = T.Max(lower, number);
        }

        return (double.CreateChecked(lower) + upper) / 2;
    }

    /// <summary>The middle of numbers that have weights: where half of the weight lies on either side, the mean of two where it is between them.</summary>
    /// <remarks>Equal weights give what <see cref="Of{T}(Span{T})"/> does, and a weight of 2 what the number twice would give.</remarks>
    /// <param name="numbers">Finite or infinite numbers; they are put in another order.</param>
    /// <param name="weights">One a number, above 0; put in the same order.</param>
    public static double Of<T>(Span<T> numbers, Span<T> weights)
        where T : struct, IFloatingPointIeee754<T>
    {
        var total = 0.0;
        for (var i = 0; i < numbers.Length; i++)
        {
            if (T.IsNaN(numbers[i]))
            {
                return double.NaN;
            }

            total += double.CreateChecked(weights[i]);
        }

        numbers.Sort(weights);
        var below = 0.0;
        for (var i = 0; i < numbers.Length; i++)
        {
            below += double.CreateChecked(weights[i]);
            if (2 * below > total || i == numbers.Length - 1)
            {
                return double.CreateChecked(numbers[i]);
            }

            if (2 * below == total)
            {
                return (double.CreateChecked(numbers[i]) + double.CreateChecked(numbers[i + 1])) / 2;
            }
        }

        return double.NaN;
    }

    /// <summary>Puts the number of this rank in its place, none greater before it and none smaller behind it.</summary>
    /// <remarks>Hoare 1961, <i>Algorithm 65: Find</i>, with the middle of three as the pivot; sorted when that goes badly.</remarks>
    private static void Select<T>(Span<T> numbers, int rank)
        where T : struct, IFloatingPointIeee754<T>
    {
        var (first, last) = (0, numbers.Length - 1);
        var rounds = 4 * BitOperations.Log2((uint)numbers.Length);
        while (first < last)
        {
            if (rounds-- == 0)
            {
                numbers[first..(last + 1)].Sort();
                return;
            }

            var pivot = Middle(numbers[first], numbers[(first + last) >>> 1], numbers[last]);
            var (up, down) = (first, last);
            while (up <= down)
            {
                while (numbers[up] < pivot)
                {
                    up++;
                }

                while (numbers[down] > pivot)
                {
                    down--;
                }

                if (up <= down)
                {
                    (numbers[up], numbers[down]) = (numbers[down], numbers[up]);
                    up++;
                    down--;
                }
            }

            if (rank <= down)
            {
                last = down;
            }
            else if (rank >= up)
            {
                first = up;
            }
            else
            {
                return;
            }
        }
    }

    private static T Middle<T>(T a, T b, T c)
        where T : struct, IFloatingPointIeee754<T> => T.Max(T.Min(a, b), T.Min(T.Max(a, b), c));
}
