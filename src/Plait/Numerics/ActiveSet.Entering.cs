namespace Plait.Numerics;

/// <summary>How a vector comes into the support, also one that depends on those there.</summary>
internal ref partial struct ActiveSet
{
    /// <summary>Takes a vector into the support; false when a combination vanishes, which the weights then are unless a minimum is known.</summary>
    private bool Enter(int entering, bool bounded)
    {
        while (!factor.Append(entering, bounded ? Independent : Vanishing, byTerms: true))
        {
            // What is left of the row that failed solves for the dependence.
            var dependence = target[..factor.Count];
            factor.Candidate.CopyTo(dependence);
            factor.SolveTransposed(dependence);
            var largest = 1.0;
            foreach (var coefficient in dependence)
            {
                largest = Math.Max(largest, Math.Abs(coefficient));
            }

            var blocking = -1;
            var length = double.PositiveInfinity;
            for (var i = 0; i < dependence.Length; i++)
            {
                var weight = current[factor.Members[i]];
                if (dependence[i] > tolerance * largest && weight / dependence[i] < length)
                {
                    length = weight / dependence[i];
                    blocking = i;
                }
            }

            if (blocking < 0 && bounded)
            {
                current[entering] = 0;
                return false;
            }

            if (blocking < 0 && Vanishes(entering, dependence))
            {
                for (var i = 0; i < dependence.Length; i++)
                {
                    current[factor.Members[i]] = Math.Max(0, -dependence[i]);
                }

                current[entering] = 1;
                return false;
            }

            if (blocking < 0)
            {
                Insist(entering, dependence);
                return true;
            }

            for (var i = 0; i < dependence.Length; i++)
            {
                ref var weight = ref current[factor.Members[i]];
                weight = Math.Max(0, weight - (length * dependence[i]));
            }

            current[entering] += length;
            Remove(blocking);
        }

        return true;
    }

    /// <summary>Takes a vector in that depends on the support to rounding: the one that most of the dependence rests on counts as longer by it.</summary>
    private void Insist(int entering, ReadOnlySpan<double> dependence)
    {
        var (place, largest) = (-1, 1.0);
        for (var i = 0; i < dependence.Length; i++)
        {
            if (Math.Abs(dependence[i]) > largest)
            {
                (place, largest) = (i, Math.Abs(dependence[i]));
            }
        }

        var last = place < 0 ? entering : factor.Members[place];
        if (place >= 0)
        {
            factor.Remove(place);
            Append(entering);
        }

        Append(last);
    }

    private void Append(int vector)
    {
        if (!factor.Append(vector, Vanishing, byTerms: true))
        {
            factor.AppendAnyway(vector, Vanishing);
        }
    }

    /// <summary>Whether a combination of the support with one more vector has nothing in common with any vector.</summary>
    /// <remarks>
    /// Its square is known to rounding and its length to the root of that, while its products with others are known to rounding: a
    /// combination that is too short to be told from 0 by itself may be in conflict with another vector for certain.
    /// </remarks>
    private readonly bool Vanishes(int entering, ReadOnlySpan<double> dependence)
    {
        cosines.Slice(entering * count, count).CopyTo(slack);
        var size = 1.0;
        for (var i = 0; i < dependence.Length; i++)
        {
            var weight = Math.Max(0, -dependence[i]);
            size += weight;
            Vectors.AddScaled(slack, weight, cosines.Slice(factor.Members[i] * count, count));
        }

        for (var i = 0; i < dependence.Length; i++)
        {
            var member = factor.Members[i];
            slack[member] = dependence[i] < 0 ? -Math.Abs(slack[member]) : slack[member];
        }

        var least = 0.0;
        foreach (var product in slack)
        {
            least = Math.Min(least, product);
        }

        return least >= -tolerance * size;
    }
}
