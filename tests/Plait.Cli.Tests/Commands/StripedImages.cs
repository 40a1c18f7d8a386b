namespace Plait.Cli.Tests.Commands;

/// <summary>Images of two kinds to cluster, and the options for it.</summary>
internal static class StripedImages
{
    public const int Count = 120;
    private const int Side = 12;

    public static readonly string[] Quick =
    [
        "--clusters",
        "2",
        "--encoder",
        "tiny-resnet:width=8,stages=1,blocks=1",
        "--pretext-epochs",
        "8",
        "--clustering-epochs",
        "12",
        "--self-labelling-epochs",
        "2",
        "--neighbours",
        "5",
        "--batch-size",
        "40",
        "--no-mirrors",
    ];

    /// <summary>Stripes that lie or stand, on noise; and which they do.</summary>
    public static (string Images, string Labels) Write(Workplace workplace)
    {
        var random = new Random(1);
        var pixels = new byte[Count * Side * Side];
        random.NextBytes(pixels);
        for (var image = 0; image < Count; image++)
        {
            var phase = random.Next(4);
            for (var i = 0; i < Side * Side; i++)
            {
                var across = image % 2 == 0 ? i / Side : i % Side;
                ref var pixel = ref pixels[(image * Side * Side) + i];
                pixel = (byte)((across + phase) % 4 < 2 ? 220 : pixel / 6);
            }
        }

        File.WriteAllBytes(
            workplace.File("images.idx"),
            [0, 0, 8, 3, 0, 0, 0, Count, 0, 0, 0, Side, 0, 0, 0, Side, .. pixels]
        );
        File.WriteAllBytes(
            workplace.File("labels.idx"),
            [0, 0, 8, 1, 0, 0, 0, Count, .. Enumerable.Range(0, Count).Select(image => (byte)(image % 2))]
        );
        return (workplace.File("images.idx"), workplace.File("labels.idx"));
    }
}
