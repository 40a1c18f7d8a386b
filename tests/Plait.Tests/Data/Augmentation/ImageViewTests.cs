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

    private static (Tensor Depth, Tensor Normals) Render(double[] normal)
    {
        var whole = new ImageView(1, 0, 0, Height, Width, Mirrored: false);
        var depth = new float[Height * Width];
        for (var pixel = 0; pixel < depth.Length; pixel++)
        {
            var ray = Ray(whole, pixel % Width, pixel / Width);
            depth[pixel] = (float)(-Distance / Enumerable.Range(0, 3).Sum(i => normal[i] * ray[i]));
        }

        var vectors = torch.tensor(normal).to(ScalarType.Float32).view(3, 1, 1).expand(3, Height, Width).contiguous();
        return (torch.tensor(depth, [1, Height, Width]), vectors);
    }
}
