using System.Text.Json.Serialization;
using Plait.Data;
using Plait.Tasks;
using Plait.Tasks.Answers;

namespace Plait.Jobs.Tests;

/// <summary>Made-up rows with two targets: a kind of data that only this assembly knows.</summary>
[DataSourceKind("small")]
public sealed record SmallSource : DataSource
{
    private static readonly TaskSet Tasks = new(LearningTask.Regression("a"), LearningTask.Regression("b"));

    /// <summary>Rows of each part.</summary>
    public int Rows { get; init; } = 8;

    [JsonIgnore]
    public override string Name => "small";

    public override IDataParts Load(long seed, int processes = 1) =>
        new DataParts(Part(), Part(), Part()) { Notices = ["2 rows are left out."] };

    private TensorData Part() =>
        TensorData.Shared(
            Tasks,
            torch.ones(Rows, 3),
            [TaskTarget.Of(torch.ones(Rows)), TaskTarget.Of(torch.zeros(Rows))]
        );
}
