using Plait.Numerics;

namespace Plait.Relationships.Grouping.Linear;

/// <summary>The latent tasks of GO-MTL, a matrix [features, components] column by column, and their best values for given codes.</summary>
internal static class LatentBasis
{
    private const int MostSteps = 50;
    private const int MostHalvings = 30;
    private const int MostSweeps = 100;

    /// <summary>The weights that a code stands for, L s.</summary>
    public static double[] Combine(double[] basis, ReadOnlySpan<double> code)
    {
        var features = basis.Length / code.Length;
        var weights = new double[features];
        for (var k = 0; k < code.Length; k++)
        {
            Vectors.AddScaled(weights, code[k], basis.AsSpan(k * features, features));
        }

        return weights;
    }

    /// <summary>The leading left singular vectors of the tasks' weights, turned by quartimax so that each task lies along few of them.</summary>
    public static double[] Start(double[][] weights, int components)
    {
        var features = weights[0].Length;
        var outer = new double[features * features]; // W W'
        foreach (var vector in weights)
        {
            for (var i = 0; i < features; i++)
            {
                Vectors.AddScaled(outer.AsSpan(i * features, features), vector[i], vector);
            }
        }

        var (values, vectors) = (new double[features], new double[features * features]);
        var rank = GramianEigen.Decompose(outer, values, vectors);
        var basis = new double[features * components];
        vectors.AsSpan(0, Math.Min(rank, components) * features).CopyTo(basis);
        Turn(basis, weights, components);
        return basis;
    }

    /// <summary>The losses of all tasks, and the penalty on the basis.</summary>
    public static double Value(LinearObjective[] objectives, double[][] codes, double[] basis, double ridge)
    {
        var value = ridge * Vectors.Dot(basis, basis);
        for (var task = 0; task < objectives.Length; task++)
        {
            value += objectives[task].Value(Combine(basis, codes[task]));
        }

        return value;
    }

    /// <summary>Minimises <see cref="Value"/> by the basis: Newton's method, for the squared loss one step of it.</summary>
    public static void Minimize(LinearObjective[] objectives, double[][] codes, double[] basis, double ridge)
    {
        var (gradient, hessian) = (new double[basis.Length], new double[basis.Length * basis.Length]);
        var value = Value(objectives, codes, basis, ridge);
        for (var step = 0; step < MostSteps; step++)
        {
            Derivatives(objectives, codes, basis, ridge, gradient, hessian);
            var direction = (double[])gradient.Clone();
            if (!PositiveDefinite.TrySolve(hessian, direction))
            {
                throw new ArgumentException(
                    "The ridge is too small beside the features for the latent tasks to be found; raise it, or bring the features to one scale.",
                    nameof(ridge)
                );
            }

            var before = value;
            for (var halving = 0; halving < MostHalvings && value >= before; halving++)
            {
                var tried = (double[])basis.Clone();
                Vectors.AddScaled(tried, -Math.ScaleB(1, -halving), direction);
                var reached = Value(objectives, codes, tried, ridge);
                if (reached < before)
                {
                    tried.CopyTo(basis, 0);
                    value = reached;
                }
            }

            if (value >= before || Vectors.Dot(gradient, direction) <= Vectors.Rounding * before)
            {
                return;
            }
        }
    }

    /// <summary>Gradient and Hessian by the basis: Σ s ⊗ g and Σ ss' ⊗ H, with the ridge's.</summary>
    public static void Derivatives(
        LinearObjective[] objectives,
        double[][] codes,
        double[] basis,
        double ridge,
        Span<double> gradient,
        Span<double> hessian
    )
    {
        var features = objectives[0].Features;
        var (ofWeights, curvature) = (new double[features], new double[features * features]);
        gradient.Clear();
        hessian.Clear();
        Vectors.AddScaled(gradient, 2 * ridge, basis);
        for (var i = 0; i < basis.Length; i++)
        {
            hessian[i * (basis.Length + 1)] = 2 * ridge;
        }

        for (var task = 0; task < objectives.Length; task++)
        {
            var code = codes[task];
            objectives[task].Derivatives(Combine(basis, code), ofWeights, curvature);
            for (var k = 0; k < code.Length; k++)
            {
                Vectors.AddScaled(gradient.Slice(k * features, features), code[k], ofWeights);
                for (var other = 0; other < code.Length && code[k] != 0; other++)
                {
                    for (var i = 0; i < features && code[other] != 0; i++)
                    {
                        var row = hessian.Slice((((k * features) + i) * basis.Length) + (other * features), features);
                        Vectors.AddScaled(row, code[k] * code[other], curvature.AsSpan(i * features, features));
                    }
                }
            }
        }
    }

    /// <summary>Turns the columns, two at a time, to where the fourth powers of the tasks' parts in them are largest.</summary>
    /// <remarks>
    /// Neuhaus and Wrigley 1954, <i>The quartimax method</i>. Varimax (Kaiser 1958) takes the squares' mean off in each column, and so would spread
    /// over several columns what all tasks have in common.
    /// </remarks>
    private static void Turn(double[] basis, double[][] weights, int components)
    {
        var features = basis.Length / components;
        var parts = new double[components * weights.Length]; // [components, tasks]
        for (var k = 0; k < components; k++)
        {
            for (var task = 0; task < weights.Length; task++)
            {
                parts[(k * weights.Length) + task] = Vectors.Dot(basis.AsSpan(k * features, features), weights[task]);
            }
        }

        for (var sweep = 0; sweep < MostSweeps; sweep++)
        {
            var largest = 0.0;
            for (var p = 0; p < components - 1; p++)
            {
                for (var q = p + 1; q < components; q++)
                {
                    var first = parts.AsSpan(p * weights.Length, weights.Length);
                    var second = parts.AsSpan(q * weights.Length, weights.Length);
                    var (sine, cosine) = (0.0, 0.0);
                    for (var task = 0; task < weights.Length; task++)
                    {
                        var difference = (first[task] * first[task]) - (second[task] * second[task]);
                        var product = 2 * first[task] * second[task];
                        sine += 2 * difference * product;
                        cosine += (difference * difference) - (product * product);
                    }

                    var angle = Math.Atan2(sine, cosine) / 4;
                    largest = Math.Max(largest, Math.Abs(angle));
                    Vectors.Rotate(first, second, Math.Cos(angle), -Math.Sin(angle));
                    Vectors.Rotate(
                        basis.AsSpan(p * features, features),
                        basis.AsSpan(q * features, features),
                        Math.Cos(angle),
                        -Math.Sin(angle)
                    );
                }
            }

            if (largest <= 1e-9)
            {
                return;
            }
        }
    }
}
