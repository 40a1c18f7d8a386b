using CsCheck;
using Plait.Jobs.Runs;

namespace Plait.Jobs.Tests.Runs;

public sealed class RunStoreTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly Clock clock = new();
    private readonly RunStore store;

    public RunStoreTests() => store = RunStore.Open(folder["store"], clock);

    public void Dispose()
    {
        store.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void Id_says_when_the_run_was_created_and_sorts_by_it()
    {
        var first = Create();
        clock.Now += TimeSpan.FromSeconds(1);
        var second = Create();

        Assert.Matches("^260102-030405-[0-9a-f]{4}$", first.Id);
        Assert.True(string.CompareOrdinal(first.Id, second.Id) < 0);
    }

    [Fact]
    public void Thousand_runs_of_one_second_have_ids_of_their_own()
    {
        var ids = Enumerable.Range(0, 1000).Select(_ => Create().Id).ToHashSet();

        Assert.Equal(1000, ids.Count);
    }

    [Fact]
    public void Run_reads_back_as_it_was_created_and_updated()
    {
        var parent = store.Create(RunKind.Comparison, "comparison", "tox21", "{}");
        var run = store.Create(RunKind.Training, "hps'; DROP TABLE runs; --", "töx\"21", "{\"seed\":1}", parent.Id);
        Assert.Equal(run, store.Find(run.Id));

        clock.Now += TimeSpan.FromMinutes(2);
        store.Update(run.Id, RunStatus.Finished, seconds: 1.5, parameters: 42);
        store.Update(run.Id, RunStatus.Failed, error: "no more disk");

        var expected = run with
        {
            Status = RunStatus.Failed,
            Updated = clock.Now,
            Seconds = 1.5,
            Parameters = 42,
            Error = "no more disk",
        };
        Assert.Equal(expected, store.Find(run.Id));
        Assert.Equal([expected], store.Children(parent.Id));
    }

    [Fact]
    public void Measurements_read_back_as_they_were_added()
    {
        var name = Gen.String[Gen.Char[' ', '\uD7FF'], 1, 8];
        var value = Gen.OneOf(Gen.Double, Gen.Const(double.NaN), Gen.Const(double.PositiveInfinity));
        Gen.Select(Gen.Int[0, 5], Gen.Enum<DataSplit>(), name, name, value)
            .Select((epoch, split, task, metric, number) => new Measurement(epoch, split, task, metric, number))
            .List[0, 20]
            .Select(rows => rows.DistinctBy(row => (row.Epoch, row.Split, row.Task, row.Metric)).ToArray())
            .Sample(
                rows =>
                {
                    var run = Create();
                    store.AddMeasurements(run.Id, rows);
                    Assert.Equal(rows.OrderBy(row => row.Epoch), store.Measurements(run.Id));
                },
                iter: 30,
                threads: 1
            );
    }

    [Fact]
    public void Diagnostics_read_back_as_they_were_added()
    {
        var run = Create();
        Diagnostic[] rows =
        [
            new(0, Diagnostic.Weight, "a", null, 0.5),
            new(0, Diagnostic.Cosine, "a", "b", -0.25),
            new(7_000_000_000, Diagnostic.Norm, "a", null, double.NaN),
        ];

        store.AddDiagnostics(run.Id, rows);

        Assert.Equal(rows, store.Diagnostics(run.Id));
    }

    [Fact]
    public void Second_measurement_of_a_place_replaces_the_first()
    {
        var run = Create();
        var row = new Measurement(3, DataSplit.Validation, "a", "auc", 0.7);

        store.AddMeasurements(run.Id, [row]);
        store.AddMeasurements(run.Id, [row with { Value = 0.8 }]);

        Assert.Equal([row with { Value = 0.8 }], store.Measurements(run.Id));
    }

    [Fact]
    public void Batch_that_fails_half_way_leaves_nothing()
    {
        var run = Create();

        Assert.Throws<ArgumentNullException>(() =>
            store.AddMeasurements(
                run.Id,
                Enumerable
                    .Range(0, 100)
                    .Select(epoch =>
                        epoch < 99
                            ? new Measurement(epoch, DataSplit.Train, "a", "loss", 1)
                            : throw new ArgumentNullException()
                    )
            )
        );

        Assert.Empty(store.Measurements(run.Id));
    }

    [Fact]
    public void Find_takes_an_id_the_start_of_one_or_last()
    {
        var old = Create();
        clock.Now += TimeSpan.FromDays(40);
        var comparison = Create(RunKind.Comparison);
        clock.Now += TimeSpan.FromSeconds(5);
        store.Create(RunKind.Training, "child", "tox21", "{}", comparison.Id);

        Assert.Equal(old.Id, store.Find(old.Id[..6]).Id);
        Assert.Equal(comparison.Id, store.Find(comparison.Id).Id);
        Assert.Equal(comparison.Id, store.Find(RunStore.Last).Id);
    }

    [Fact]
    public void Find_names_the_runs_that_a_start_fits_or_the_nearest()
    {
        var a = Create();
        clock.Now += TimeSpan.FromSeconds(1);
        var b = Create();

        var several = Assert.Throws<RunStoreException>(() => store.Find("2601"));
        var none = Assert.Throws<RunStoreException>(() => store.Find("250101"));
        var wildcard = Assert.Throws<RunStoreException>(() => store.Find("%"));

        Assert.Equal($"'2601' fits 2 runs: {b.Id}, {a.Id}; write more of the id.", several.Message);
        Assert.Equal($"There is no run '250101' in '{folder["store"]}'; the nearest are {b.Id}, {a.Id}.", none.Message);
        Assert.StartsWith("There is no run '%'", wildcard.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_in_an_empty_store_says_so()
    {
        Assert.Contains(
            "no runs yet",
            Assert.Throws<RunStoreException>(() => store.Find("last")).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "no runs yet",
            Assert.Throws<RunStoreException>(() => store.Find("26")).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void List_is_newest_first_and_narrowed_by_its_filter()
    {
        var train = Create();
        var comparison = Create(RunKind.Comparison);
        var child = store.Create(RunKind.Training, "child", "adult", "{}", comparison.Id);
        store.Update(train.Id, RunStatus.Finished);

        Assert.Equal([comparison.Id, train.Id], Ids(null));
        Assert.Equal([child.Id, comparison.Id, train.Id], Ids(new() { IncludeChildren = true }));
        Assert.Equal([comparison.Id], Ids(new() { Kind = RunKind.Comparison }));
        Assert.Equal([train.Id], Ids(new() { Status = RunStatus.Finished }));
        Assert.Equal([child.Id], Ids(new() { Benchmark = "adult", IncludeChildren = true }));
        Assert.Equal([comparison.Id], Ids(new() { Limit = 1 }));

        IEnumerable<string> Ids(RunFilter? filter) => store.List(filter).Select(run => run.Id);
    }

    [Fact]
    public void Result_is_the_last_one_set()
    {
        var run = Create();
        Assert.Null(store.Result(run.Id));

        store.SetResult(run.Id, "{}");
        store.SetResult(run.Id, "{\"a\":1}");

        Assert.Equal("{\"a\":1}", store.Result(run.Id));
    }

    [Fact]
    public void Delete_takes_children_numbers_and_folders_along()
    {
        var comparison = Create(RunKind.Comparison);
        var child = store.Create(RunKind.Training, "child", "tox21", "{}", comparison.Id);
        var other = Create();
        File.WriteAllText(Path.Combine(store.FolderOf(child.Id), "checkpoint"), "");
        store.AddMeasurements(child.Id, [new(0, DataSplit.Train, "a", "loss", 1)]);

        Assert.Contains(
            "is running in process",
            Assert.Throws<RunStoreException>(() => store.Delete(comparison.Id)).Message,
            StringComparison.Ordinal
        );
        store.Update(child.Id, RunStatus.Finished);
        store.Update(comparison.Id, RunStatus.Finished);
        store.Delete(comparison.Id);

        Assert.Equal([other.Id], store.List(new() { IncludeChildren = true }).Select(run => run.Id));
        Assert.Empty(store.Measurements(child.Id));
        Assert.Empty(Directory.GetDirectories(folder["store/runs"]));
    }

    [Fact]
    public void Run_that_is_not_there_cannot_be_written_to()
    {
        Assert.All(
            new Action[]
            {
                () => store.Update("nope", RunStatus.Finished),
                () => store.AddMeasurements("nope", []),
                () => store.AddDiagnostics("nope", []),
                () => store.SetResult("nope", "{}"),
                () => store.Create(RunKind.Training, "child", "tox21", "{}", "nope"),
                () => store.Delete("nope"),
                () => store.FolderOf("../nope"),
            },
            call =>
                Assert.StartsWith(
                    "There is no run",
                    Assert.Throws<RunStoreException>(call).Message,
                    StringComparison.Ordinal
                )
        );
    }

    private RunRecord Create(RunKind kind = RunKind.Train) => store.Create(kind, "name", "tox21", "{}");

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
