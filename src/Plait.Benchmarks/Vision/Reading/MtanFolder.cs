using System.Globalization;
using Plait.Data;
using Plait.Jobs;
using Plait.Tasks;

namespace Plait.Benchmarks.Vision.Reading;

/// <summary>The layout of MTAN's public data: train and val, in each a folder for the images and each target, in it 0.npy, 1.npy, ...</summary>
/// <remarks>Val is the official test part; a share of train is kept for validation, which the public code does without.</remarks>
internal static class MtanFolder
{
    public const double ValidationShare = 0.1;

    private const string Ending = ".npy";
    private const string Image = "image";

    /// <summary>Finds the files.</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="directory">The folder with train and val in it.</param>
    /// <param name="targets">For each task, the name of its folder and how its arrays are read.</param>
    /// <param name="seed">What the validation part is drawn from.</param>
    public static StoredParts Open(
        TaskSet tasks,
        string directory,
        IReadOnlyList<(string Folder, Func<Tensor, string, Tensor> Read)> targets,
        long seed
    )
    {
        var (train, test) = (Rows("train"), Rows("val"));
        var parts = Splits.Random(train.Length, [1 - ValidationShare, ValidationShare], seed);
        return new(
            Part("train", parts[0].Select(row => train[row])),
            Part("train", parts[1].Select(row => train[row])),
            Part("val", test)
        );

        string[] Rows(string part) =>
            RowsIn(Path.Combine(directory, part), [.. targets.Select(target => target.Folder)]);

        DenseRows Part(string part, IEnumerable<string> rows) =>
            new(
                tasks,
                rows,
                Files(Path.Combine(directory, part, Image), DenseMaps.Image),
                targets.Select(target => Files(Path.Combine(directory, part, target.Folder), target.Read)),
                Path.Combine(directory, "train", Image, "0" + Ending)
            );
    }

    private static MapFile Files(string folder, Func<Tensor, string, Tensor> read) =>
        MapFile.In(
            folder,
            Ending,
            path =>
            {
                using var raw = NpyFile.Read(path);
                return read(raw, path);
            }
        );

    private static string[] RowsIn(string part, string[] targets)
    {
        var images = Path.Combine(part, Image);
        var names = FolderFiles.Names(images, Ending);
        string[] rows = [.. Enumerable.Range(0, names.Count).Select(row => row.ToString(CultureInfo.InvariantCulture))];
        FolderFiles.RequireAll(
            images,
            Ending,
            rows,
            $"'{images}' holds {names.Count} files, which are numbered from 0"
        );
        foreach (var target in targets.Select(target => Path.Combine(part, target)))
        {
            FolderFiles.RequireAll(target, Ending, rows, $"'{images}' has one of its name");
            if (FolderFiles.Names(target, Ending).Count is var count && count != rows.Length)
            {
                throw new InvalidDataException(
                    $"'{target}' holds {count} files, and '{images}' {rows.Length}; expected one for each image."
                );
            }
        }

        return rows;
    }
}
