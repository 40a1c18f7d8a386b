using Plait.Networks;
using Plait.Tabular.Features;
using Plait.Tabular.Predictions;

namespace Plait.Tabular.Tests.Predictions;

public sealed class PredictionFileTests
{
    private static Preprocessing Fitted =>
        Tables.Fit(Tables.Flats, [0, 1, 2], "price:regression", "sold:binary", "grade:classification").Preprocessing;

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Prediction_that_is_not_finite_is_refused_and_the_earlier_file_stays(float bad)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("out.csv", "earlier");
        using (var writer = new PredictionWriter(path, Fitted))
        {
            writer.Write(
                Outputs(
                    [1, 2],
                    [1, 2],
                    [
                        [1, 0, 0],
                        [0, 1, 0],
                    ]
                )
            );

            var error = Tables.Fails(() =>
                writer.Write(
                    Outputs(
                        [1],
                        [1],
                        [
                            [1, bad, 0],
                        ]
                    )
                )
            );

            Tables.Says(error, null, null, "'grade' for row 3 is not a finite number");
        }

        Assert.Equal("earlier", File.ReadAllText(path));
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void File_appears_when_it_is_complete()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("out.csv");
        using (var writer = new PredictionWriter(path, Fitted))
        {
            writer.Write(
                Outputs(
                    [1],
                    [1],
                    [
                        [1, 0, 0],
                    ]
                )
            );
            Assert.False(File.Exists(path));

            writer.Complete();
        }

        Assert.Equal(2, File.ReadAllLines(path).Length);
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Folder_that_cannot_be_made_is_an_error()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("rows.csv", "x");
        var path = Path.Combine(file, "out.csv");

        var error = Tables.Fails(() => new PredictionWriter(path, Fitted).Dispose());

        Tables.Says(error, null, null, $"{path}: the predictions cannot be written ({file} is a file, not a folder");
    }

    [Fact]
    public void Full_disk_is_an_error()
    {
        using var writer = new PredictionWriter(new FullDisk(), Fitted);

        var error = Tables.Fails(() =>
            writer.Write(
                Outputs(
                    [1],
                    [1],
                    [
                        [1, 0, 0],
                    ]
                )
            )
        );

        Tables.Says(error, null, null, "the predictions cannot be written (No space left on device)");
    }

    [Fact]
    public void Identifier_with_the_name_of_a_target_is_an_error()
    {
        using var folder = new TemporaryFolder();

        var error = Tables.Fails(() => new PredictionWriter(folder.File("out.csv"), Fitted, "price").Dispose());

        Tables.Says(error, null, null, "two columns called 'price'");
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    private static TaskOutputs Outputs(float[] price, float[] sold, float[][] grade) =>
        new(Fitted.CreateTasks().All)
        {
            [0] = torch.tensor(price).view(-1, 1),
            [1] = torch.tensor(sold).view(-1, 1),
            [2] = torch.tensor(grade.SelectMany(row => row).ToArray()).view(grade.Length, -1),
        };

    /// <summary>Takes the header and nothing more.</summary>
    private sealed class FullDisk : StringWriter
    {
        public override void Write(ReadOnlySpan<char> buffer) => throw new IOException("No space left on device");
    }
}
