namespace Plait.Demonstrations.Tests;

[Collection("torch")]
public sealed class ToyProblemTests
{
    private const string Reached = "starts that reach the front";
    private const string Most = "largest share of the first loss's gain";

    private static readonly ToyProblemDemonstration Shortened = new() { Steps = 5000, LearningRate = 0.01 };

    [Fact]
    public void Nash_MTL_IMTL_G_and_MGDA_reach_the_front_from_every_start_and_the_others_stay_in_a_valley_once()
    {
        var results = Shortened.Run(seed: 1);

        Assert.All(["nash-mtl", "imtl-g", "mgda"], method => Assert.Equal(5, results.NumberOf(method, Reached)));
        Assert.All(["sum", "pcgrad", "cagrad"], method => Assert.Equal(4, results.NumberOf(method, Reached)));
    }

    [Fact]
    public void The_sum_and_CAGrad_end_where_the_larger_loss_wants_and_Nash_MTL_all_over_the_front()
    {
        var results = Shortened.Run(seed: 1);

        Assert.True(results.NumberOf("sum", Most) < 0.3);
        Assert.True(results.NumberOf("cagrad", Most) < 0.3);
        Assert.True(results.NumberOf("nash-mtl", Most) > 0.9);
    }

    [Fact]
    public void Points_of_the_front_lie_on_it_and_a_start_does_not()
    {
        Assert.All(ToyLosses.Front, point => Assert.Equal(0, ToyLosses.Gap(point)));
        Assert.True(ToyLosses.Gap((0.656, 7.9)) > 1);
    }

    [Fact]
    public void The_picture_has_a_panel_for_each_method_and_a_curve_for_each_descent()
    {
        var picture = Shortened.Picture;

        Assert.Equal(6, picture.Split("<g ").Length - 1);
        Assert.Equal(30, picture.Split("stroke=\"#2a6f97\"").Length - 1);
    }
}
