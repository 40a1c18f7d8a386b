using System.Globalization;
using Plait.Torch;

namespace Plait.Benchmarks.Vision.Reading;

/// <summary>Reads the maps of PASCAL-Context and brings all to one canvas, since its pictures are of many sizes.</summary>
/// <remarks>The picture lies in the upper left corner; beside and below it the canvas is black, and every target missing.</remarks>
/// <param name="directory">The folder.</param>
/// <param name="side">Of the canvas, in pixels.</param>
internal sealed class PascalFiles(string directory, long side)
{
    public const int Classes = 21;
    public const int PartClasses = 7;

    private const int MissingLabel = 255;
    private const int Person = 15;

    /// <summary>The labels of PASCAL-Context that NYUD has too, and television monitors: only there do the distilled normals mean anything.</summary>
    private static readonly HashSet<int> IndoorLabels =
    [
        .. (
            "3 4 6 9 10 11 13 15 17 18 22 23 29 30 33 34 36 37 38 39 41 43 46 49 50 51 "
            + "53 55 56 59 61 62 65 66 68 69 72 73 78 83 84 85 87 88 95 96 101 104 105 107 111 113 "
            + "115 122 124 135 141 142 143 146 150 154 157 158 159 165 172 174 181 183 184 191 193 195 197 199 202 213 "
            + "215 216 219 220 223 225 228 230 232 233 238 239 242 243 246 250 251 252 255 260 261 263 269 272 273 275 "
            + "281 283 284 285 286 287 288 290 291 292 293 295 304 307 309 310 314 315 319 323 329 330 331 336 342 345 "
            + "349 350 351 352 355 357 368 370 371 374 379 380 383 384 397 401 403 405 407 408 411 412 413 414 417 419 "
            + "421 423 427 429 430 432 440 441 442 443 444 446 454 457"
        )
            .Split(' ')
            .Select(number => int.Parse(number, CultureInfo.InvariantCulture)),
    ];

    private static readonly Dictionary<string, byte> BodyParts = new string[][]
    {
        ["hair", "head", "lear", "rear", "lebrow", "rebrow", "leye", "reye", "mouth", "nose"],
        ["neck", "torso"],
        ["luarm", "ruarm"],
        ["llarm", "rlarm", "lhand", "rhand"],
        ["luleg", "ruleg"],
        ["llleg", "rlleg", "lfoot", "rfoot"],
    }
        .SelectMany((names, place) => names.Select(name => (name, (byte)(place + 1))))
        .ToDictionary();

    /// <summary>A picture.</summary>
    public Tensor Image(string path)
    {
        using var scope = torch.NewDisposeScope();
        return OnCanvas(DenseMaps.Image(ImageFile.ReadColour(path)), 0, path).MoveToOuterDisposeScope();
    }

    /// <summary>The 20 things and the background.</summary>
    public Tensor Labels(string path)
    {
        using var scope = torch.NewDisposeScope();
        var labels = DenseMaps.Labels(ImageFile.ReadIndices(path), Classes, [MissingLabel], path);
        return OnCanvas(RequireSize(labels, path), -1, path).MoveToOuterDisposeScope();
    }

    /// <summary>Whether a pixel stands out.</summary>
    public Tensor Saliency(string path)
    {
        using var scope = torch.NewDisposeScope();
        var share = ImageFile.ReadGrey(path).unsqueeze(0).to(ScalarType.Float32).div(byte.MaxValue);
        var (height, width) = SizeOf(path);
        var salient = ImageFit.Nearest(share, height, width).gt(0.5).to(ScalarType.Float32);
        return OnCanvas(salient, double.NaN, path).MoveToOuterDisposeScope();
    }

    /// <summary>The outlines of the regions of the 459 labels.</summary>
    public Tensor Edges(string path)
    {
        using var scope = torch.NewDisposeScope();
        var labels = MapOf(MatFile.Read(path, "LabelMap"), path, "LabelMap");
        var (height, width) = ((int)labels.size(0), (int)labels.size(1));
        var lines = Outlines.Of(labels.data<float>().ToArray(), height, width);
        var map = torch.tensor(lines, [1, height, width]).to(ScalarType.Float32);
        return OnCanvas(map, double.NaN, path).MoveToOuterDisposeScope();
    }

    /// <summary>The parts of people's bodies; all missing where there are none.</summary>
    public Tensor Parts(string path)
    {
        using var scope = torch.NewDisposeScope();
        var (height, width) = SizeOf(path);
        var parts = torch.zeros(height, width, ScalarType.Int64);
        foreach (var annotation in MatFile.Read(path, "anno").Structures)
        {
            foreach (var person in Field(annotation, "objects", path).Structures.Where(one => IsPerson(one, path)))
            {
                foreach (var part in Field(person, "parts", path).Structures)
                {
                    var name = Field(part, "part_name", path).Text ?? "";
                    if (!BodyParts.TryGetValue(name, out var number))
                    {
                        throw new InvalidDataException(
                            $"'{path}' names a part '{ForeignText.Printable(name)}' of a person; expected one of {string.Join(", ", BodyParts.Keys)}."
                        );
                    }

                    var mask = MapOf(Field(part, "mask", path), path, $"the mask of a {name}");
                    parts.masked_fill_(mask.gt(0), number);
                }
            }
        }

        return OnCanvas(parts.any().item<bool>() ? parts : parts.sub(1), -1, path).MoveToOuterDisposeScope();
    }

    /// <summary>Distilled normals, on indoor things alone.</summary>
    public Tensor Normals(string path)
    {
        using var scope = torch.NewDisposeScope();
        var (height, width) = SizeOf(path);
        var context = ContextOf(path);
        var labels = MapOf(MatFile.Read(context, "LabelMap"), context, "LabelMap");
        var known = labels.data<float>().ToArray().Select(label => IndoorLabels.Contains((int)label)).ToArray();
        var raw = ImageFile.ReadColour(path).to(ScalarType.Float32).div(byte.MaxValue / 2.0).sub(1);
        var normals = DenseMaps.Unit(ImageFit.Resize(raw, height, width));
        var absent = torch.tensor(known, [height, width]).logical_not();
        return OnCanvas(normals.masked_fill(absent, double.NaN), double.NaN, path).MoveToOuterDisposeScope();
    }

    private static bool IsPerson(Dictionary<string, MatArray> thing, string path) =>
        Field(thing, "class_ind", path).Number is { } number && (int)number == Person;

    private static MatArray Field(Dictionary<string, MatArray> structure, string field, string path) =>
        structure.TryGetValue(field, out var value)
            ? value
            : throw new InvalidDataException(
                $"'{path}' holds a structure of {ForeignText.Printable(string.Join(", ", structure.Keys))}; expected a field {field}."
            );

    private string ContextOf(string path) =>
        Path.Combine(directory, "pascal-context", "trainval", Path.GetFileNameWithoutExtension(path) + ".mat");

    private (long Height, long Width) SizeOf(string path)
    {
        var (height, width) = ImageFile.ReadSize(PictureOf(path));
        RequireFit(height, width, path);
        return (height, width);
    }

    /// <summary>An array as a map, whose sizes are looked at before it takes memory.</summary>
    private Tensor MapOf(MatArray array, string path, string what)
    {
        if (array is { Values: not null, Shape: [var height, var width] })
        {
            RequireSize(height, width, path);
        }

        return array.ToMap(path, what);
    }

    private string PictureOf(string path) =>
        Path.Combine(directory, "JPEGImages", Path.GetFileNameWithoutExtension(path) + ".jpg");

    private Tensor RequireSize(Tensor map, string path)
    {
        RequireSize(map.size(-2), map.size(-1), path);
        return map;
    }

    private void RequireSize(long foundHeight, long foundWidth, string path)
    {
        var (height, width) = SizeOf(path);
        if (foundHeight != height || foundWidth != width)
        {
            throw new InvalidDataException(
                $"'{path}' is {foundHeight} x {foundWidth} pixels; expected {height} x {width}, as '{PictureOf(path)}' is."
            );
        }
    }

    private void RequireFit(long height, long width, string path)
    {
        if (height > side || width > side)
        {
            throw new InvalidDataException(
                $"'{PictureOf(path)}' is {height} x {width} pixels; expected at most {side} x {side}."
            );
        }
    }

    private Tensor OnCanvas(Tensor map, double filling, string path)
    {
        var (height, width) = (map.size(-2), map.size(-1));
        RequireFit(height, width, path);
        var canvas = torch.full([.. map.shape[..^2], side, side], filling, map.dtype);
        canvas.narrow(-2, 0, height).narrow(-1, 0, width).copy_(map);
        return canvas;
    }
}
