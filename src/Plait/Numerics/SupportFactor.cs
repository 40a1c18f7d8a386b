namespace Plait.Numerics;

/// <summary>The Cholesky factor of the inner products among some of the vectors, which grows and shrinks by one vector at a time.</summary>
/// <remarks>
/// Golub and Van Loan 2013, <i>Matrix computations</i>, section 6.5: a new vector adds a row by one triangular solve; when one
/// leaves, Givens rotations make its neighbours' rows triangular again. Both cost the square of the number of vectors.
/// </remarks>
internal ref struct SupportFactor
{
    private const double Suspicious = 1e-3; // a squared sine above which no combination has terms enough to be in doubt

    private readonly int stride;
    private readonly ReadOnlySpan<double> cosines; // stride x stride, unit diagonal
    private readonly Span<double> rows; // lower triangle, row by row
    private readonly Span<double> rotations; // a cosine and a sine a row
    private readonly Span<int> members;

    public SupportFactor(ReadOnlySpan<double> cosines, Span<double> work, Span<int> members)
    {
        stride = members.Length;
        this.cosines = cosines;
        rows = work[..(stride * stride)];
        rotations = work.Slice(stride * stride, 2 * stride);
        this.members = members;
    }

    /// <summary>The number of vectors in the support.</summary>
    public int Count { get; private set; }

    /// <summary>The vectors of the support, in the order in which they entered.</summary>
    public readonly ReadOnlySpan<int> Members => members[..Count];

    /// <summary>The numbers that a factor of this many vectors needs as working space.</summary>
    public static int WorkSize(int count) => count * (count + 2);

    public void Clear() => Count = 0;

    /// <summary>Takes a vector in; false, with what the triangular system gave in <see cref="Candidate"/>, when it depends on the others.</summary>
    /// <param name="vector">Its place among all.</param>
    /// <param name="tolerance">The squared sine of its angle to the others' span that counts as 0.</param>
    /// <param name="byTerms">Whether that is relative to the terms of the combination that comes next to the vector.</param>
    public bool Append(int vector, double tolerance, bool byTerms = false)
    {
        var row = rows.Slice(Count * stride, stride);
        var products = cosines.Slice(vector * stride, stride);
        for (var i = 0; i < Count; i++)
        {
            row[i] = products[members[i]];
        }

        var leading = row[..Count];
        SolveForward(leading);
        var rest = 1 - Vectors.Dot(leading, leading);
        if (!(rest > tolerance) || (byTerms && rest < Suspicious && rest <= tolerance * SquaredTerms(leading)))
        {
            return false;
        }

        row[Count] = Math.Sqrt(rest);
        members[Count++] = vector;
        return true;
    }

    /// <summary>Takes in the vector that was just refused as if it stood out of the others' span by the tolerance.</summary>
    /// <remarks>Its square counts as larger by rounding, relative to the terms of the combination that comes next to it.</remarks>
    public void AppendAnyway(int vector, double tolerance)
    {
        rows[(Count * stride) + Count] = Math.Sqrt(tolerance * SquaredTerms(Candidate));
        members[Count++] = vector;
    }

    private readonly double SquaredTerms(ReadOnlySpan<double> candidate)
    {
        var combination = rotations[..candidate.Length];
        candidate.CopyTo(combination);
        SolveTransposed(combination);
        var sum = 1.0;
        foreach (var coefficient in combination)
        {
            sum += Math.Abs(coefficient);
        }

        return sum * sum;
    }

    /// <summary>What a refused vector's inner products with the support became when the factor was divided out.</summary>
    public readonly ReadOnlySpan<double> Candidate => rows.Slice(Count * stride, Count);

    /// <summary>Lets the vector at a place in the support go.</summary>
    public void Remove(int place)
    {
        Count--;
        for (var i = place; i < Count; i++)
        {
            members[i] = members[i + 1];
            var row = rows.Slice(i * stride, stride);
            rows.Slice((i + 1) * stride, i + 2).CopyTo(row);
            for (var k = place; k < i; k++)
            {
                var (cosine, sine) = (rotations[2 * k], rotations[(2 * k) + 1]);
                (row[k], row[k + 1]) = (
                    (cosine * row[k]) + (sine * row[k + 1]),
                    (cosine * row[k + 1]) - (sine * row[k])
                );
            }

            var length = Math.Sqrt((row[i] * row[i]) + (row[i + 1] * row[i + 1]));
            (rotations[2 * i], rotations[(2 * i) + 1]) = (row[i] / length, row[i + 1] / length);
            row[i] = length;
        }
    }

    /// <summary>Divides the factor out of as many values as there are vectors in the support.</summary>
    public readonly void SolveForward(Span<double> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var row = rows.Slice(i * stride, i + 1);
            values[i] = (values[i] - Vectors.Dot(row[..i], values[..i])) / row[i];
        }
    }

    /// <summary>Divides the transposed factor out of as many values as there are vectors in the support.</summary>
    public readonly void SolveTransposed(Span<double> values)
    {
        for (var i = values.Length - 1; i >= 0; i--)
        {
            var row = rows.Slice(i * stride, i + 1);
            values[i] /= row[i];
            Vectors.AddScaled(values[..i], -values[i], row[..i]);
        }
    }
}
