using Plait.Catalogue;
using Plait.Optimization.LossWeighting;
using Plait.Optimization.Scheduling;
using Plait.Tests.Training;
using Plait.Training;

namespace Plait.Tests.Optimization.Scheduling;

[Collection("torch")]
public sealed class ScheduleResumeTests
{
    [Theory]
    [InlineData("round-robin")]
    [InlineData("scheduled:main=quadrant")]
    [InlineData("stop-and-go:patience=1,stop=0.3")]
    [InlineData("task-wise-early-stopping:main=sign,window=2,threshold=0.01")]
    [InlineData("curriculum:order=sign/sum/quadrant,cumulative=1")]
    [InlineData("active-sampling:targets=0.1/0.99/0.99")]
    [InlineData("active-actor-critic:targets=0.1/0.99/0.99")]
    [InlineData("active-bandit:targets=0.1/0.99/0.99")]
    [InlineData("adaptive:baselines=0.1/0.99/0.99")]
    public void A_training_on_data_of_each_task_s_own_resumes_in_the_same_bits(string schedule)
    {
        using var data = SmallRuns.PerTaskData();
        using var train = data.Batches(16, shuffleSeed: 5);
        using var validation = SmallRuns.Data(60, seed: 9);
        using var source = validation.Batches(64);
        Resumption.AssertSameBits(
            () => new Recipe { Epochs = 4, Schedule = MethodCatalog.Create<TaskSchedule>(schedule) },
            () => SmallRuns.Network(),
            train,
            source
        );
    }

    [Fact]
    public void A_training_with_adaptive_weights_resumes_in_the_same_bits()
    {
        using var data = SmallRuns.Data(150);
        using var train = data.Batches(32, shuffleSeed: 5);
        using var validation = SmallRuns.Data(60, seed: 9);
        using var source = validation.Batches(64);
        Resumption.AssertSameBits(
            () => new Recipe { Epochs = 4, Weighting = new AdaptiveLossScaling([0.1, 0.99, 0.99]) },
            () => SmallRuns.Network(),
            train,
            source
        );
    }
}
