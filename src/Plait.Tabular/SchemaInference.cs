using Plait.Tabular.Csv;

namespace Plait.Tabular;

/// <summary>Reads a table once from end to end and decides what each column holds.</summary>
internal static class SchemaInference
{
    public static TableSchema Run(CsvRows rows, IReadOnlyList<TargetSpecification> targets, TableOptions options)
    {
        Check(targets, options);
        var targetFields = targets
            .Select(target => rows.IndexOf(target.Column, "the target", isRequest: true))
            .ToArray();
        var warnings = new List<string>();
        var weights = WeightInference.Columns(rows, targets, options, warnings);
        var featureFields = FeatureFields(rows, [.. targetFields, .. weights.Select(Field)], options, warnings);

        TargetInference[] inferences =
        [
            .. targets.Select(target => new TargetInference(rows, target, options.MaxClasses)),
        ];
        var profiles = new IColumnProfile?[rows.Header.Length];
        foreach (var field in featureFields)
        {
            profiles[field] = new ColumnProfile(options.MaxCategories);
        }

        for (var i = 0; i < targetFields.Length; i++)
        {
            profiles[targetFields[i]] = inferences[i].Profile;
        }

        var count = Profile(rows, profiles, options);
        var features = new FeatureInference(rows, options, warnings);
        var schema = new TableSchema
        {
            Targets = WeightInference.WithClassWeights(
                [.. inferences.Select(inference => inference.Infer(warnings))],
                options.ClassWeights
            ),
            Features =
            [
                .. featureFields
                    .Select(field => features.Infer(field, profiles[field]!.Texts, count))
                    .OfType<FeatureColumn>(),
            ],
            MissingMarkers = options.MissingMarkers,
            GroupBy = options.GroupBy,
            Weights = weights,
            Balance = options.Balance,
            Delimiter = options.Delimiter,
            Rows = count,
            Warnings = warnings,
        };
        if (options.Balance && schema.Targets.All(target => !target.Answers.WeighsClasses))
        {
            throw TableException.OfRequest(
                $"Classes are to be balanced, but none of the targets ({string.Join(", ", schema.Targets.Select(target => target.Name))}) has {(schema.Targets.Any(target => target.Answers.HoldsSeveral) ? "rows of one class each" : "classes")}; leave --balance out."
            );
        }

        return schema.Features.Count > 0
            ? schema
            : throw TableException.At(
                rows.Name,
                null,
                null,
                $"no column is left to learn from; {(warnings.Count > 0 ? string.Join(" ", warnings) : "add columns beside the targets, or ignore fewer.")}"
            );

        int Field(WeightColumn column) => rows.IndexOf(column.Name, "the weight");
    }

    private static int Profile(CsvRows rows, IColumnProfile?[] profiles, TableOptions options)
    {
        var missing = new MissingMarkers(options.MissingMarkers);
        var count = 0;
        while (rows.Read())
        {
            count = checked(count + 1);
            for (var field = 0; field < profiles.Length; field++)
            {
                if (profiles[field] is not { } profile)
                {
                    continue;
                }

                var text = rows[field];
                if (missing.Contains(text))
                {
                    profile.ObserveMissing();
                }
                else
                {
                    profile.Observe(text, rows.Line);
                }
            }
        }

        return count > 0
            ? count
            : throw TableException.At(
                rows.Name,
                null,
                null,
                "the file has a header but no rows; each line after the header is a row."
            );
    }

    private static void Check(IReadOnlyList<TargetSpecification> targets, TableOptions options)
    {
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxCategories, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxClasses, 2);
        if (targets.Count == 0)
        {
            throw TableException.OfRequest(
                "There is no target; name at least one column to be learned, for example price:regression."
            );
        }

        if (targets.GroupBy(target => target.Column).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw TableException.OfRequest($"The target '{twice.Key}' is named {twice.Count()} times; name it once.");
        }

        var both = targets.FirstOrDefault(target =>
            options.Ignore.Contains(target.Column) || options.GroupBy == target.Column
        );
        if (both is not null)
        {
            throw TableException.OfRequest(
                $"Column '{both.Column}' is a target and also ignored or grouped by; choose one of them."
            );
        }
    }

    private static List<int> FeatureFields(CsvRows rows, int[] taken, TableOptions options, List<string> warnings)
    {
        var left = new HashSet<int>(taken);
        left.UnionWith(options.Ignore.Select(column => rows.IndexOf(column, "the column to ignore", isRequest: true)));
        if (options.GroupBy is not null)
        {
            left.Add(rows.IndexOf(options.GroupBy, "the column to group by", isRequest: true));
        }

        foreach (var column in options.Categorical)
        {
            _ = rows.IndexOf(column, "the categorical column", isRequest: true);
        }

        var fields = new List<int>();
        for (var field = 0; field < rows.Header.Length; field++)
        {
            if (rows.Header[field].Length == 0)
            {
                warnings.Add($"Column {field + 1} has no name in the header and is left out.");
            }
            else if (!left.Contains(field))
            {
                fields.Add(field);
            }
        }

        return fields;
    }
}
