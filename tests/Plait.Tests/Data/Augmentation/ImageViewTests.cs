using CsCheck;
using Plait.Data.Augmentation;

namespace Plait.Tests.Data.Augmentation;

public sealed class ImageViewTests
{
    private const int Height = 48;
    private const int Width = 66;
    private const double Focal = 60;
    private const double Distance = 3; // of the plane from the camera
    private const double CentreX = 30.5;
    private const double CentreY = 25;

    private static readonly Gen<ImageView> Views =
        from scale in Gen.Int[0, 3].Select(i => new[] { 1, 1.2, 1.5, 2 }[i])
        from mirrored in Gen.Bool
        from top in Gen.Long[0, Height - (long)(Height / scale)]
        from left in Gen.Long[0, Width - (long)(Width / scale)]
        select new ImageView(scale, top, left, (long)(Height / scale), (long)(Width / scale), mirrored);

    private static readonly Gen<Turn> Turns =
        from angle in Gen.Double[-0.6, 0.6]
        from scale in Gen.Double[0.75, 1.25]
        select new Turn(angle, scale);

    [Fact]
    public void Depth_and_normals_of_a_plane_stay_those_of_one_plane() =>
        Gen.Select(Gen.Double[-0.4, 0.4], Gen.Double[-0.4, 0.4], Views)
            .Sample(
                (x, y, view) =>
                {
                    using var scope = torch.NewDisposeScope();
                    double[] normal = [x, y, Math.Sqrt(1 - (x * x) - (y * y))];
                    var (depth, normals) = Render(normal);

                    var seen = view.Nearest(depth).div(view.Scale);
                    var (turned, marks) = view.Normals(normals, null);

                    Assert.Null(marks);
                    var distances = seen.data<float>().ToArray();
                    var vectors = turned.data<float>().ToArray();
                    for (var pixel = 0; pixel < distances.Length; pixel++)
                    {
                        var ray = Ray(view, pixel % Width, pixel / Width);
                        var inner = Enumerable.Range(0, 3).Sum(i => vectors[(i * Height * Width) + pixel] * ray[i]);
                        Assert.Equal(-Distance / view.Scale, inner * distances[pixel], 0.04); // depth is that of the nearest pixel, half a pixel off at most
                    }
                },
                iter: 60,
                threads: 1
            );

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Depth_and_normals_of_a_plane_stay_those_of_one_plane_when_turned_about_the_middle(bool isDown) =>
        Gen.Select(Gen.Double[-0.4, 0.4], Gen.Double[-0.4, 0.4], Turns, Gen.Bool)
            .Sample(
                (x, y, turn, mirrored) =>
                {
                    using var scope = torch.NewDisposeScope();
                    double[] normal = [x, y, Math.Sqrt(1 - (x * x) - (y * y))];
                    var (depth, normals) = Render(normal, MiddleRay);
                    var view = new ImageView(turn.Scale, 0, 0, Height, Width, mirrored) { Turned = turn };

                    var seen = view.Nearest(depth).div(turn.Scale);
                    var (turned, marks) = view.Normals(isDown ? Upside(normals) : normals, null, isDown);

                    var distances = seen.data<float>().ToArray();
                    var vectors = (isDown ? Upside(turned) : turned).contiguous().data<float>().ToArray();
                    var present = marks!.data<float>().ToArray();
                    for (var pixel = 0; pixel < distances.Length; pixel++)
                    {
                        Assert.Equal(distances[pixel] > 0, present[pixel] > 0);
                        if (present[pixel] > 0)
                        {
                            var (right, down) = (
                                (pixel % Width) - ((Width - 1) / 2.0),
                                (pixel / Width) - ((Height - 1) / 2.0)
                            );
                            double[] ray = [right / (turn.Scale * Focal), -down / (turn.Scale * Focal), -1];
                            var inner = Enumerable.Range(0, 3).Sum(i => vectors[(i * Height * Width) + pixel] * ray[i]);
                            Assert.Equal(-Distance / turn.Scale, inner * distances[pixel], 0.08); // of the nearest pixel
                        }
                    }
                },
                iter: 30,
                threads: 1
            );

    [Fact]
    public void A_quarter_turn_goes_against_the_clock()
    {
        using var scope = torch.NewDisposeScope();
        var map = torch.arange(25).view(1, 5, 5);
        var right = torch.tensor(new float[] { 1, 0, 0 }).view(3, 1, 1).expand(3, 5, 5);
        var view = new ImageView(1, 0, 0, 5, 5, Mirrored: false) { Turned = new Turn(Math.PI / 2, 1) };

        var seen = view.Nearest(map);
        var mixed = view.Mixed(map.to(ScalarType.Float32));
        float[] box = [0.8f, 0.4f, 1, 0.6f]; // of the pixel in the middle of the right border

        Assert.Equal(map[0, 2, 4].item<long>(), seen[0, 0, 2].item<long>()); // what was right is above
        Assert.Equal(map[0, 4, 4].item<long>(), seen[0, 0, 4].item<long>()); // and a corner stays one
        Assert.True(mixed.sub(seen).abs().lt(1e-3).all().item<bool>());
        AssertPoints([0, 1, 0], view.Normals(right, null).Values);
        AssertPoints([0, -1, 0], view.Normals(right, null, isDown: true).Values);
        Assert.True(view.TryBox(box, 5, 5));
        Assert.All(box.Zip([0.4f, 0, 0.6f, 0.2f]), pair => Assert.Equal(pair.Second, pair.First, 1e-5f));

        static void AssertPoints(float[] expected, Tensor vectors) =>
            Assert.All(Enumerable.Range(0, 3), i => Assert.Equal(expected[i], vectors[i, 2, 2].item<float>(), 1e-5f));
    }

    [Fact]
    public void What_comes_into_view_from_beyond_the_borders_is_empty()
    {
        using var scope = torch.NewDisposeScope();
        var map = torch.ones([1, 40, 60], ScalarType.Int64);
        var view = new ImageView(0.5, 0, 0, 40, 60, Mirrored: false) { Turned = new Turn(0, 0.5) };

        var seen = view.Nearest(map);

        Assert.Equal(20 * 30, seen.sum().item<long>());
        Assert.Equal(0, seen[0, 9, 30].item<long>());
        Assert.Equal(1, seen[0, 10, 30].item<long>());
        Assert.Equal(0, view.Mixed(map.to(ScalarType.Float32))[0, 0, 0].item<float>());
        float[] outside = [0, 0, 1, 1];
        Assert.True(view.TryBox(outside, 40, 60));
        Assert.Equal([0.25f, 0.25f, 0.75f, 0.75f], outside);
    }

    [Fact]
    public void A_window_takes_whole_pixels_from_where_it_is()
    {
        using var scope = torch.NewDisposeScope();
        var map = torch.arange(Height * Width).view(Height, Width);
        var view = new ImageView(2, 10, 20, Height / 2, Width / 2, Mirrored: false);

        var seen = view.Nearest(map);

        Assert.Equal((10 * Width) + 20, seen[0, 0].item<long>());
        Assert.Equal((10 * Width) + 20, seen[1, 1].item<long>());
        Assert.Equal((11 * Width) + 21, seen[2, 2].item<long>());
        Assert.Equal((33 * Width) + 52, seen[Height - 1, Width - 1].item<long>());
        Assert.Equal(seen[0, 0].item<long>(), (view with { Mirrored = true }).Nearest(map)[0, Width - 1].item<long>());
    }

    [Fact]
    public void Mixed_normals_have_length_one_and_those_without_any_are_missing()
    {
        using var scope = torch.NewDisposeScope();
        var vectors = torch.zeros(3, Height, Width);
        vectors.narrow(2, 0, 33)[0].fill_(1); // right half faces the camera, left half the right; rows 0 to 9 unknown
        vectors.narrow(2, 33, 33)[2].fill_(1);
        vectors.narrow(1, 0, 10).zero_();
        var marks = torch.ones(3, Height, Width);
        marks.narrow(1, 0, 10).zero_();
        var view = new ImageView(1.5, 2, 11, 32, 44, Mirrored: true);

        var (seen, present) = view.Normals(vectors, marks);

        var length = seen.square().sum(0L).sqrt();
        Assert.True(present![0].eq(present[2]).all().item<bool>());
        Assert.True(length.sub(present[0]).abs().lt(1e-5).all().item<bool>());
        Assert.InRange(present[0].mean().item<float>(), 0.7f, 0.8f); // 8 of 32 rows of the window are unknown
        Assert.True(seen[0].le(0).all().item<bool>());
    }

    [Fact]
    public void A_box_stays_around_what_it_is_around() =>
        (
            from view in Views
            from left in Gen.Int[0, Width - 2]
            from top in Gen.Int[0, Height - 2]
            from right in Gen.Int[left + 1, Width]
            from bottom in Gen.Int[top + 1, Height]
            select (view, left, top, right, bottom)
        ).Sample(
            place =>
            {
                using var scope = torch.NewDisposeScope();
                var thing = torch.zeros(Height, Width);
                thing
                    .narrow(0, place.top, place.bottom - place.top)
                    .narrow(1, place.left, place.right - place.left)
                    .fill_(1);
                float[] box =
                [
                    (float)place.left / Width,
                    (float)place.top / Height,
                    (float)place.right / Width,
                    (float)place.bottom / Height,
                ];

                var inView = place.view.TryBox(box, Height, Width);
                var seen = place.view.Nearest(thing);

                if (!seen.any().item<bool>())
                {
                    return;
                }

                Assert.True(inView);
                var columns = Ends(seen.amax(0L));
                var rows = Ends(seen.amax(1L));
                Assert.Equal(columns.First, box[0] * Width, 1.01);
                Assert.Equal(rows.First, box[1] * Height, 1.01);
                Assert.Equal(columns.Last + 1, box[2] * Width, 1.01);
                Assert.Equal(rows.Last + 1, box[3] * Height, 1.01);
            },
            iter: 200,
            threads: 1
        );

    [Fact]
    public void A_box_out_of_view_is_no_more()
    {
        float[] box = [0.1f, 0.1f, 0.2f, 0.2f];

        Assert.False(new ImageView(2, 24, 33, 24, 33, Mirrored: false).TryBox(box, Height, Width));
    }

    private static (double First, double Last) Ends(Tensor line)
    {
        var values = line.data<float>().ToArray();
        return (Array.FindIndex(values, value => value > 0), Array.FindLastIndex(values, value => value > 0));
    }

    /// <summary>The direction of a pixel of a view: x to the right, y up, z towards the camera, 1 along the optical axis.</summary>
    private static double[] Ray(ImageView view, int column, int row)
    {
        var (zoomX, zoomY) = ((double)Width / view.Width, (double)Height / view.Height);
        var x = view.Mirrored ? Width - 1 - column : column;
        var centreX = (zoomX * (CentreX - view.Left + 0.5)) - 0.5;
        var centreY = (zoomY * (CentreY - view.Top + 0.5)) - 0.5;
        var right = (x - centreX) / (zoomX * Focal);
        return [view.Mirrored ? -right : right, -(row - centreY) / (zoomY * Focal), -1];
    }

    private static Tensor Upside(Tensor vectors) => vectors.mul(torch.tensor(new float[] { 1, -1, 1 }).view(3, 1, 1));

    /// <summary>The direction of a pixel for a camera whose axis goes through the middle of the image.</summary>
    private static double[] MiddleRay(int column, int row) =>
        [(column - ((Width - 1) / 2.0)) / Focal, -(row - ((Height - 1) / 2.0)) / Focal, -1];

    private static (Tensor Depth, Tensor Normals) Render(double[] normal)
    {
        var whole = new ImageView(1, 0, 0, Height, Width, Mirrored: false);
        return Render(normal, (column, row) => Ray(whole, column, row));
    }

    private static (Tensor Depth, Tensor Normals) Render(double[] normal, Func<int, int, double[]> rayOf)
    {
        var depth = new float[Height * Width];
        for (var pixel = 0; pixel < depth.Length; pixel++)
        {
            var ray = rayOf(pixel % Width, pixel / Width);
            depth[pixel] = (float)(-Distance / Enumerable.Range(0, 3).Sum(i => normal[i] * ray[i]));
        }

        var vectors = torch.tensor(normal).to(ScalarType.Float32).view(3, 1, 1).expand(3, Height, Width).contiguous();
        return (torch.tensor(depth, [1, Height, Width]), vectors);
    }
}
