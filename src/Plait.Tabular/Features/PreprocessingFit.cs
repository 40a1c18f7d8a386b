namespace Plait.Tabular.Features;

/// <summary>Learns means, spreads and categories from the training rows, and nothing from the others but what to warn of.</summary>
internal sealed class PreprocessingFit
{
    private const int MostListed = 5;

    private readonly TabularData data;
    private readonly long[] training;
    private readonly bool[] isTraining;
    private readonly List<string> warnings = [];

    public PreprocessingFit(TabularData data, ReadOnlySpan<long> training)
    {
        this.data = data;
        this.training = training.ToArray();
        isTraining = new bool[data.Rows];
        foreach (var row in training)
        {
            isTraining[row] = true;
        }
    }

    public Preprocessing Run()
    {
        var schema = data.Schema;
        FeatureEncoding[] features = [.. schema.Features.Select(Fit)];
        TargetEncoding[] targets = [.. schema.Targets.Select(Fit)];
        return new Preprocessing(schema, features, targets) { Warnings = warnings };
    }

    private FeatureEncoding Fit(FeatureColumn column, int index)
    {
        if (column.Categories is null)
        {
            var moments = Moments.Of(data.FeatureNumbers(index), training);
            return new NumericEncoding(
                column.Name,
                moments.Mean,
                moments.StandardDeviation,
                moments.Present < training.Length
            );
        }

        var codes = data.FeatureCodes(index);
        var seen = Seen(codes, column.Categories.Count, training);
        WarnOfUnseen(column, codes, seen);
        return new CategoricalEncoding(column.Name, [.. column.Categories.Where((_, code) => seen[code])]);
    }

    private TargetEncoding Fit(TargetColumn column, int index)
    {
        var weights = data.WeightsOf(index);
        long[] rows = weights is null ? training : [.. training.Where(row => weights[(int)row] > 0)];
        if (!column.Answers.HasClasses)
        {
            var moments = Moments.Of(data.TargetNumbers(index), rows, weights);
            Require(column, moments.Present > 0, moments.StandardDeviation > 0);
            var (mean, deviation) = column.Answers.ScaleOf(moments.Mean, moments.StandardDeviation);
            return new(column.Name, column.Kind, [], mean, deviation);
        }

        var seen = column.Answers.HoldsSeveral ? SeenOfSeveral(column, index, rows) : SeenOf(column, index, rows);
        var unseen = column.Classes.Where((_, code) => !seen[code]).ToArray();
        if (unseen.Length > 0)
        {
            warnings.Add(
                $"Target '{column.Name}': no training row shows {Listed(unseen)}, so the network cannot learn it; more training rows or a stratified split may help."
            );
        }

        return new(column.Name, column.Kind, column.Classes)
        {
            Separator = column.Separator,
            ClassWeights =
                column.ClassWeights is { } given ? [.. given.Select(weight => (float)weight)]
                : data.Schema.Balance && column.Answers.WeighsClasses
                    ? Balanced(data.TargetCodes(index), column.Classes.Count, rows, weights)
                : null,
        };
    }

    private bool[] SeenOf(TargetColumn column, int index, long[] rows)
    {
        var seen = Seen(data.TargetCodes(index), column.Classes.Count, rows);
        Require(column, seen.Contains(true), seen.Count(there => there) > 1);
        return seen;
    }

    /// <summary>Of classes of which a row may have several, some are to be in some rows and not in others.</summary>
    private bool[] SeenOfSeveral(TargetColumn column, int index, long[] rows)
    {
        var sets = data.TargetSets(index);
        var counts = new long[column.Classes.Count];
        var present = 0L;
        foreach (var row in rows)
        {
            present += sets[(int)row] is null ? 0 : 1;
            foreach (var place in (sets[(int)row] ?? []).Distinct())
            {
                counts[place]++;
            }
        }

        Require(column, present > 0, counts.Any(count => count > 0 && count < present));
        return [.. counts.Select(count => count > 0)];
    }

    /// <summary>The inverse of each class's share of the rows, by their weights, so that the mean over the rows is 1; 1 for a class without any.</summary>
    private static float[] Balanced(ReadOnlySpan<int> codes, int classes, long[] rows, IReadOnlyList<double>? weights)
    {
        var sums = new double[classes];
        foreach (var row in rows)
        {
            if (codes[(int)row] >= 0)
            {
                sums[codes[(int)row]] += weights?[(int)row] ?? 1;
            }
        }

        var share = sums.Sum() / sums.Count(sum => sum > 0);
        return [.. sums.Select(sum => sum > 0 ? (float)(share / sum) : 1)];
    }

    private void Require(TargetColumn column, bool isPresent, bool varies)
    {
        if (!isPresent || !varies)
        {
            var fault = isPresent ? "is the same in" : data.Schema.Absent;
            var remedy =
                !isPresent && data.Schema.Weights.Count > 0
                    ? "weigh rows by another column (--weight), or choose another target"
                    : "use more rows or another split, or choose another target";
            throw TableException.At(
                data.Source,
                null,
                column.Name,
                $"the target {fault} all {training.Length} training rows, so there is nothing to learn; {remedy}."
            );
        }
    }

    private static bool[] Seen(ReadOnlySpan<int> codes, int count, long[] rows)
    {
        var seen = new bool[count];
        foreach (var row in rows)
        {
            if (codes[(int)row] >= 0)
            {
                seen[codes[(int)row]] = true;
            }
        }

        return seen;
    }

    private void WarnOfUnseen(FeatureColumn column, ReadOnlySpan<int> codes, bool[] seen)
    {
        var rows = 0;
        var unseen = new SortedSet<int>();
        for (var row = 0; row < codes.Length; row++)
        {
            if (!isTraining[row] && codes[row] >= 0 && !seen[codes[row]])
            {
                rows++;
                unseen.Add(codes[row]);
            }
        }

        if (rows > 0)
        {
            warnings.Add(
                $"Column '{column.Name}': no training row has {Listed([.. unseen.Select(code => column.Categories![code])])}, which {rows} other rows have; they count as unseen."
            );
        }
    }

    private static string Listed(string[] names) =>
        string.Join(", ", names.Take(MostListed).Select(name => TableException.Quote(name)))
        + (names.Length > MostListed ? $" and {names.Length - MostListed} more" : "");
}
