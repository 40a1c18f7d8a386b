using Plait.Catalogue;
using Plait.Jobs;
using Plait.Relationships.Grouping.Linear;

namespace Plait.Relationships.Plans;

/// <content>Groups that linear models show, without a training of networks.</content>
public sealed partial record GroupingPlan
{
    /// <summary>The ways to choose that train no network.</summary>
    public static IReadOnlyList<string> LinearMethodNames { get; } =
    [
        .. MethodCatalog
            .All.Where(entry => entry.Type.IsAssignableTo(typeof(LinearGrouping)))
            .Select(entry => entry.Name),
    ];

    /// <summary>Whether linear models are learned, and networks trained for a verification alone.</summary>
    public bool IsLinear => LinearMethodNames.Contains(MethodSpecification.Parse(Method).Name);

    private void CheckLinear()
    {
        MethodCatalog.Create<LinearGrouping>(Method);
        if (Seeds.Count != 1)
        {
            throw new FormatException(
                $"'{Method}' learns from one division of the rows; got {Seeds.Count} seeds. To see its groups on several, ask for a verification."
            );
        }

        using var parts = Data.Load(Seeds[0]);
        using var train = InMemory(parts).Train.SelectTasks(Tasks);
        LinearGrouping.Require(train);
    }

    private LinearGroups LearnLinear()
    {
        using var parts = Data.Load(Seeds[0]);
        var data = InMemory(parts);
        using var train = data.Train.SelectTasks(Tasks);
        using var validation = data.Validation.SelectTasks(Tasks);
        return MethodCatalog
            .Create<LinearGrouping>(Method)
            .Learn(train, validation, (int)Math.Min(Math.Floor(Budget), Tasks.Count));
    }

    private DataParts InMemory(IDataParts parts) =>
        parts as DataParts
        ?? throw new NotSupportedException(
            $"'{Method}' looks at many rows of '{Data.Name}' at once, and they do not fit in memory."
        );
}
