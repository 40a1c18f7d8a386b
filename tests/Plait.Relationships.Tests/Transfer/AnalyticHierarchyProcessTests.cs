using CsCheck;
using Plait.Relationships.Transfer;

namespace Plait.Relationships.Tests.Transfer;

public class AnalyticHierarchyProcessTests
{
    private static readonly Gen<double[,]> Losses =
        from transfers in Gen.Int[1, 12]
        from samples in Gen.Int[1, 60]
        from coarse in Gen.Bool
        from values in (coarse ? Gen.Int[0, 3].Select(whole => (double)whole) : Gen.Double[0, 1]).Array[
            transfers * samples
        ]
        select Matrix(transfers, samples, (i, j) => values[(i * samples) + j]);

    [Fact]
    public void Affinities_are_positive_add_up_to_one_and_solve_the_equation_of_the_eigenvector() =>
        Losses.Sample(losses =>
        {
            var affinities = AnalyticHierarchyProcess.AffinitiesOfLosses(losses);
            var shares = AnalyticHierarchyProcess.WinShares(losses);
            var count = affinities.Length;
            var image = new double[count];
            for (var i = 0; i < count; i++)
            {
                for (var j = 0; j < count; j++)
                {
                    image[i] += Clipped(shares[i, j]) / Clipped(shares[j, i]) * affinities[j];
                }
            }

            var eigenvalue = image.Sum();
            Assert.All(affinities, affinity => Assert.True(affinity > 0));
            Assert.Equal(1, affinities.Sum(), 1e-14);
            Assert.All(
                affinities.Zip(image),
                pair => Assert.Equal(pair.First, pair.Second / eigenvalue, 1e-14 * pair.First + 1e-300)
            );
        });

    [Fact]
    public void Shares_that_agree_with_weights_give_the_weights_back() =>
        Gen.Double[1, 30]
            .Array[1, 15]
            .Sample(weights =>
            {
                // Bradley and Terry: i beats j on a share of w_i / (w_i + w_j).
                var shares = Matrix(weights.Length, weights.Length, (i, j) => weights[i] / (weights[i] + weights[j]));

                var affinities = AnalyticHierarchyProcess.Affinities(shares);

                Assert.All(
                    weights.Zip(affinities),
                    pair => Assert.Equal(pair.First / weights.Sum(), pair.Second, 1e-13)
                );
            });

    [Fact]
    public void The_order_of_the_transfers_does_not_matter() =>
        Gen.Select(Losses, Gen.Int[0, 1000])
            .Sample(
                (losses, seed) =>
                {
                    var (count, samples) = (losses.GetLength(0), losses.GetLength(1));
                    var order = Enumerable.Range(0, count).ToArray();
                    new Random(seed).Shuffle(order);

                    var affinities = AnalyticHierarchyProcess.AffinitiesOfLosses(losses);
                    var shuffled = AnalyticHierarchyProcess.AffinitiesOfLosses(
                        Matrix(count, samples, (i, j) => losses[order[i], j])
                    );

                    Assert.All(Enumerable.Range(0, count), i => Assert.Equal(affinities[order[i]], shuffled[i], 1e-11));
                }
            );

    [Fact]
    public void The_unit_of_a_loss_does_not_matter() =>
        Losses.Sample(losses =>
            Assert.Equal(
                AnalyticHierarchyProcess.AffinitiesOfLosses(losses),
                AnalyticHierarchyProcess.AffinitiesOfLosses(
                    Matrix(losses.GetLength(0), losses.GetLength(1), (i, j) => 8 * losses[i, j])
                )
            )
        );

    [Fact]
    public void A_transfer_that_always_wins_is_worth_999_times_one_that_never_does()
    {
        var affinities = AnalyticHierarchyProcess.AffinitiesOfLosses(
            new[,]
            {
                { 1.0, 1, 1 },
                { 2, 2, 2 },
            }
        );

        Assert.Equal([0.999, 0.001], affinities, (one, two) => Math.Abs(one - two) < 1e-15);
    }

    [Fact]
    public void Equal_losses_are_a_win_of_neither()
    {
        var shares = AnalyticHierarchyProcess.WinShares(
            new[,]
            {
                { 1.0, 1, 1, 5 },
                { 1, 1, 2, 1 },
            }
        );

        Assert.Equal(
            new[,]
            {
                { 0, 0.25 },
                { 0.25, 0 },
            },
            shares
        );
        Assert.Equal([0.5, 0.5], AnalyticHierarchyProcess.Affinities(shares));
    }

    [Fact]
    public void Transfers_that_beat_each_other_in_a_circle_settle_too()
    {
        var affinities = AnalyticHierarchyProcess.Affinities(
            new[,]
            {
                { 0.5, 1, 0.001 },
                { 0, 0.5, 0.99 },
                { 0.999, 0.01, 0.5 },
            }
        );

        // The eigenvector of a consistent or three-by-three matrix is that of the geometric means of its rows.
        double[] means = [Math.Cbrt(999 / 999.0), Math.Cbrt(99 / 999.0), Math.Cbrt(999 / 99.0)];
        Assert.All(affinities.Zip(means), pair => Assert.Equal(pair.Second / means.Sum(), pair.First, 1e-12));
    }

    [Fact]
    public void What_cannot_be_compared_is_refused()
    {
        Assert.Throws<ArgumentException>(() => AnalyticHierarchyProcess.WinShares(new double[0, 3]));
        Assert.Throws<ArgumentException>(() => AnalyticHierarchyProcess.WinShares(new double[3, 0]));
        Assert.Contains(
            "transfer 1 on sample 0",
            Assert
                .Throws<ArgumentException>(() =>
                    AnalyticHierarchyProcess.WinShares(
                        new[,]
                        {
                            { 1 },
                            { double.NaN },
                        }
                    )
                )
                .Message,
            StringComparison.Ordinal
        );
        Assert.Throws<ArgumentException>(() => AnalyticHierarchyProcess.Affinities(new double[2, 3]));
        Assert.Throws<ArgumentException>(() => AnalyticHierarchyProcess.Affinities(new double[0, 0]));
        Assert.Throws<ArgumentException>(() =>
            AnalyticHierarchyProcess.Affinities(
                new[,]
                {
                    { 0.5, 12 },
                    { 0.1, 0.5 },
                }
            )
        );
    }

    private static double Clipped(double share) => Math.Min(0.999, Math.Max(0.001, share));

    private static double[,] Matrix(int rows, int columns, Func<int, int, double> value)
    {
        var matrix = new double[rows, columns];
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < columns; j++)
            {
                matrix[i, j] = value(i, j);
            }
        }

        return matrix;
    }
}
