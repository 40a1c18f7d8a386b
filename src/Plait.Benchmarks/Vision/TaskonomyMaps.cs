using Plait.Benchmarks.Vision.Reading;

namespace Plait.Benchmarks.Vision;

/// <summary>Reads Taskonomy's images and targets and shrinks them: areas averaged, classes and depth by the nearest pixel.</summary>
/// <param name="folder">Where files are.</param>
/// <param name="side">Of the images, in pixels.</param>
/// <param name="classes">How many classes there are, from 1.</param>
internal sealed class TaskonomyMaps(TaskonomyFolder folder, long side, int classes)
{
    private const string DepthDomain = "depth_zbuffer";
    private const double UnitsOfMetre = 512;
    private const int NoDepth = ushort.MaxValue;
    private const int FarthestOfProtocol = 1 << 13; // in 1/512 m: 16 m
    private const double ShortestNormal = 0.5; // a stored unit vector is off by a few hundredths; middle grey stands for none

    /// <summary>An image, from 0 to 1.</summary>
    public Tensor Image(string path)
    {
        using var scope = torch.NewDisposeScope();
        return ImageFit.Resize(DenseMaps.Image(ImageFile.ReadColour(path)), side, side).MoveToOuterDisposeScope();
    }

    /// <summary>The targets of a task.</summary>
    public Func<string, Tensor> Of(TaskonomyTarget target) =>
        (target.Domain, target.Mean, target.Deviation) switch
        {
            ("segment_semantic", _, _) => Labels,
            (_, { } mean, { } deviation) => path => Standardised(path, target, mean, deviation),
            (DepthDomain, _, _) => Depth,
            ("normal", _, _) => Normals,
            _ => Strength,
        };

    private Tensor Labels(string path)
    {
        using var scope = torch.NewDisposeScope();
        var labels = DenseMaps.Labels(ImageFile.ReadGrey(path), classes, [0], path, first: 1);
        return ImageFit.Nearest(labels, side, side).MoveToOuterDisposeScope();
    }

    private Tensor Depth(string path)
    {
        using var scope = torch.NewDisposeScope();
        var raw = ImageFile.ReadGrey16(path);
        var metres = raw.to(ScalarType.Float32).div(UnitsOfMetre).masked_fill(raw.eq(NoDepth), 0);
        return ImageFit.Nearest(DenseMaps.Depth(metres, path), side, side).MoveToOuterDisposeScope();
    }

    private Tensor Normals(string path)
    {
        using var scope = torch.NewDisposeScope();
        var vectors = ImageFile.ReadColour(path).to(ScalarType.Float32).div(byte.MaxValue / 2.0).sub(1);
        return DenseMaps.Unit(ImageFit.Resize(vectors, side, side), ShortestNormal).MoveToOuterDisposeScope();
    }

    private Tensor Strength(string path)
    {
        using var scope = torch.NewDisposeScope();
        var raw = ImageFile.ReadGrey16(path).unsqueeze(0).to(ScalarType.Float32).div(ushort.MaxValue);
        return ImageFit.Resize(raw, side, side).MoveToOuterDisposeScope();
    }

    private Tensor Standardised(string path, TaskonomyTarget target, float[] mean, float[] deviation)
    {
        using var scope = torch.NewDisposeScope();
        var raw = Raw(path, target, mean.Length);
        var values = raw.sub(torch.tensor(mean).view(-1, 1, 1)).div(torch.tensor(deviation).view(-1, 1, 1));
        if (target.IsMasked)
        {
            var depth = Nearest(target.Domain == DepthDomain ? path : folder.PathBeside(DepthDomain, path));
            values = values.masked_fill(depth.ge(FarthestOfProtocol), double.NaN);
        }

        return values.MoveToOuterDisposeScope();
    }

    /// <summary>Numbers as the protocol's loader has them: 16-bit ones as they are, 8-bit ones from 0 to 1, one grey being the mean of three channels.</summary>
    private Tensor Raw(string path, TaskonomyTarget target, int channels)
    {
        if (target.Domain is DepthDomain)
        {
            return Nearest(path);
        }

        if (target.Domain is "edge_texture" or "edge_occlusion" or "keypoints2d")
        {
            return ImageFit.Resize(ImageFile.ReadGrey16(path).unsqueeze(0).to(ScalarType.Float32), side, side);
        }

        var colours = ImageFit.Resize(DenseMaps.Image(ImageFile.ReadColour(path)), side, side);
        return channels == 1 ? colours.mean([0L], keepdim: true) : colours.narrow(0, 0, channels);
    }

    private Tensor Nearest(string path) =>
        ImageFit.Nearest(ImageFile.ReadGrey16(path).unsqueeze(0).to(ScalarType.Float32), side, side);
}
