using CsCheck;
using Plait.Optimization;
using Plait.Optimization.GradientModulation;
using Plait.Tests.Numerics;
using Family = Plait.Tests.Numerics.Gramians.Family;

namespace Plait.Tests.Optimization.GradientModulation;

public sealed class CosineGatingTests
{
    private static readonly double[] Gramian = Gramians.Of([
        [2, 0],
        [0, 3],
        [-1, 5],
        [4, 3],
    ]);

    [Fact]
    public void An_auxiliary_passes_wholly_unless_it_points_against_the_main_task() =>
        Assert.Equal([1, 1, 0, 1], new CosineGating().Weigh(Gramian, StepContexts.At()));

    [Fact]
    public void Weighted_it_counts_as_much_as_its_cosine() =>
        Assert.Equal([1, 0, 0, 0.8], new CosineGating(weighted: true).Weigh(Gramian, StepContexts.At()));

    [Fact]
    public void Another_task_may_be_the_main_one() =>
        Assert.Equal([0, 1, 1, 1], new CosineGating(main: 2).Weigh(Gramian, StepContexts.At()));

    [Fact]
    public void The_main_task_is_found_by_its_place_in_the_set()
    {
        var weights = new double[2];
        new CosineGating(main: 2).Weigh(new GramianView([1, -1, -1, 4], [1, 2]), weights, StepContexts.At(tasks: 3));
        Assert.Equal([0, 1], weights);
    }

    [Fact]
    public void A_step_without_the_main_task_moves_nothing()
    {
        double[] weights = [7, 7];
        new CosineGating(main: 0).Weigh(new GramianView([1, 1, 1, 4], [1, 2]), weights, StepContexts.At(tasks: 3));
        Assert.Equal([0, 0], weights);
    }

    [Fact]
    public void The_main_task_never_gets_worse() =>
        Gen.Select(Gen.Enum<Family>(), Gen.Int[1, 8], Gen.Int[1, 6], Gen.Int[0, int.MaxValue], Gen.Bool)
            .Sample(
                (family, count, width, seed, weighted) =>
                {
                    var rows = Gramians.Vectors(family, count, width, seed);
                    var main = seed % count;

                    var method = new CosineGating(main, weighted);
                    var update = Gramians.Combine(rows, method.Weigh(Gramians.Of(rows), StepContexts.At()));

                    var own = Gramians.Products([rows[main]], rows[main])[0];
                    var product = Gramians.Products([rows[main]], update)[0];
                    Assert.True(
                        product >= own - (1e-12 * Gramians.Norm(rows[main]) * rows.Sum(Gramians.Norm)),
                        $"{product} of {own}"
                    );
                }
            );

    [Fact]
    public void A_main_task_that_does_not_exist_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new CosineGating(main: -1));
        Assert.Throws<ArgumentException>(() => new CosineGating(main: 2).Begin(2));
        Assert.Throws<ArgumentException>(() => new CosineGating(main: 4).Weigh(Gramian, StepContexts.At()));
    }
}
