using static TorchSharp.torch.nn;

namespace Plait.Clustering;

/// <summary>Random views of images that show the same thing: moved, scaled, turned, mirrored, in other light, in part covered.</summary>
/// <remarks>
/// Chen et al. 2020, <i>A Simple Framework for Contrastive Learning of Visual Representations</i>, section 3, on standardised
/// images of any number of channels: crops and mirrorings as there, brightness and contrast in place of colour. A covered square is
/// Cutout (DeVries &amp; Taylor 2017), part of the strong views of Van Gansbeke et al. 2020.
/// </remarks>
public sealed record ImageViews
{
    /// <summary>The smallest side of a crop, as a share of the image's; from above 0 to 1.</summary>
    public double SmallestCrop { get; init; } = 0.6;

    /// <summary>Degrees that an image is turned by at most, either way.</summary>
    public double Turn { get; init; }

    /// <summary>Whether half of the views are mirrored; not for signs that then mean something else.</summary>
    public bool Mirrors { get; init; } = true;

    /// <summary>How far contrast, as a factor from 1, and brightness, in deviations, change at most.</summary>
    public double Light { get; init; } = 0.4;

    /// <summary>The side of a square that is covered, as a share of the image's; 0 for none.</summary>
    public double Cover { get; init; }

    /// <summary>One view of each image.</summary>
    /// <param name="images">[rows, channels, height, width].</param>
    /// <param name="generator">Where chance comes from.</param>
    public Tensor Of(Tensor images, torch.Generator generator)
    {
        ArgumentNullException.ThrowIfNull(images);
        using var scope = torch.NewDisposeScope();
        var rows = images.size(0);
        var scale = Between(SmallestCrop, 1);
        var angle = Between(-Turn, Turn).mul(Math.PI / 180);
        var mirror = Mirrors ? Between(-1, 1).sign() : torch.ones(rows);
        var room = torch.ones(rows).sub(scale);
        var (sine, cosine) = (angle.sin().mul(scale), angle.cos().mul(scale));
        var across = torch.stack([cosine.mul(mirror), sine.neg(), Between(-1, 1).mul(room)], 1);
        var down = torch.stack([sine.mul(mirror), cosine, Between(-1, 1).mul(room)], 1);
        var grid = functional.affine_grid(torch.stack([across, down], 1), images.shape, align_corners: false);
        var view = functional.grid_sample(
            images,
            grid.to(images.device),
            mode: torch.GridSampleMode.Bilinear,
            padding_mode: torch.GridSamplePaddingMode.Border,
            align_corners: false
        );
        view = view.mul(PerImage(Between(1 - Light, 1 + Light))).add(PerImage(Between(-Light, Light)));
        return (Cover > 0 ? Covered(view) : view).MoveToOuterDisposeScope();

        Tensor Between(double low, double high) => torch.rand(rows, generator: generator).mul(high - low).add(low);

        Tensor PerImage(Tensor numbers) => numbers.view(-1, 1, 1, 1).to(images.device);

        Tensor Covered(Tensor view)
        {
            var down = Inside(view.size(2)).view(-1, 1, view.size(2), 1);
            var across = Inside(view.size(3)).view(-1, 1, 1, view.size(3));
            return view.mul(torch.ones_like(view).sub(down.mul(across)));
        }

        Tensor Inside(long size)
        {
            var centre = Between(0, 1).mul(size).unsqueeze(1);
            return torch.arange(size).add(0.5).unsqueeze(0).sub(centre).abs().lt(Cover * size / 2).to(images);
        }
    }
}
