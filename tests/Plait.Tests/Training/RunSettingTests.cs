using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Training;

namespace Plait.Tests.Training;

/// <summary>Settings of a specification as people write them.</summary>
[Collection("torch")]
public sealed class RunSettingTests
{
    /// <summary>
    /// What no option of its own says: rates of groups stand beside the optimizer's, teachers are folders that commands know, callbacks are what
    /// analyses ask, selection follows from the data, and a comparison has several seeds.
    /// </summary>
    private static readonly string[] WithoutOption =
    [
        nameof(RunSpecification.NeedsTeachers),
        nameof(RunSpecification.Teachers),
        nameof(RunSpecification.Callbacks),
        nameof(RunSpecification.Groups),
        nameof(RunSpecification.Selection),
        nameof(RunSpecification.Seed),
    ];

    public static TheoryData<string> Names => [.. RunSetting.All.Select(setting => setting.Name)];

    [Fact]
    public void Every_property_is_a_setting_or_is_said_otherwise()
    {
        Assert.Equal(
            typeof(RunSpecification).GetProperties().Select(property => property.Name).Except(WithoutOption),
            RunSetting.All.Select(setting => setting.Property)
        );
        Assert.Distinct(RunSetting.All.Select(setting => setting.Name));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_written_is_read_again_and_nothing_else_changes(string name)
    {
        var setting = RunSetting.All.Single(setting => setting.Name == name);
        var before = new RunSpecification();
        var value = Other(setting);

        var after = setting.With(before, value);

        Assert.Equal(value, setting.Of(after));
        Assert.NotEqual(setting.Of(before), setting.Of(after));
        Assert.Equal(before.ToJson(), setting.With(after, setting.Of(before)).ToJson());
    }

    [Fact]
    public void Units_absolute_paths_and_a_zero_for_none_are_the_setting_s_matter()
    {
        var run = new RunSpecification { Patience = 3 };

        Assert.Equal(5L << 20, Named("row-memory").With(run, 5).RowMemory);
        Assert.Equal(
            Path.GetFullPath("w.safetensors"),
            Named("encoder-weights").With(run, "w.safetensors").EncoderWeights
        );
        Assert.Null(Named("patience").With(run, 0).Patience);
        Assert.Equal(0, Named("patience").Of(run with { Patience = null }));
        Assert.Equal(0, Named("gradients-every").With(run, 0).GradientRecordInterval);
    }

    [Fact]
    public void A_head_for_maps_is_refused_where_no_task_has_one()
    {
        var tasks = new TaskSet(LearningTask.Regression("price"), LearningTask.Binary("sold"));

        var fault = Assert.Throws<FormatException>(() =>
            new RunSpecification { Head = "convolution" }.CreateNetwork(tasks, [4L])
        );

        Assert.Contains("one answer a pixel, and here is none (price, sold)", fault.Message, StringComparison.Ordinal);
    }

    private static RunSetting Named(string name) => RunSetting.All.Single(setting => setting.Name == name);

    private static object Other(RunSetting setting) =>
        setting.Type == typeof(string) ? "/other"
        : setting.Type == typeof(IReadOnlyList<string>) ? new[] { "one", "two" }
        : setting.Type == typeof(TimeSpan) ? TimeSpan.FromSeconds(77)
        : setting.Type == typeof(double?) ? 1.5
        : (object)7;
}
