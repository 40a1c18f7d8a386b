using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Plait.Benchmarks.Scenes;
using Plait.Benchmarks.Scenes.Rendering;

namespace Plait.Benchmarks.Tests.Scenes;

public sealed class SceneSetTests
{
    private const int Side = 32;

    private static readonly SceneSet Set = SceneSet.Render(120, Side, seed: 3);

    [Fact]
    public void A_scene_depends_on_seed_and_number_alone()
    {
        var one = SceneSet.Render(8, 20, seed: 7, threads: 1);
        var four = SceneSet.Render(8, 20, seed: 7, threads: 4);
        var longer = SceneSet.Render(11, 20, seed: 7);
        var other = SceneSet.Render(8, 20, seed: 8);

        foreach (
            var (a, b, beginning, c) in Bytes(one)
                .Zip(Bytes(four), Bytes(longer))
                .Zip(Bytes(other), (x, y) => (x.First, x.Second, x.Third, y))
        )
        {
            Assert.Equal(a, b);
            Assert.Equal(a, beginning[..a.Length]);
            Assert.NotEqual(a, c);
        }
    }

    /// <summary>Of this version's own making: when it fails on purpose, raise <see cref="SceneSet.Version"/> with it.</summary>
    [Fact]
    public void The_version_says_what_is_drawn()
    {
        var set = SceneSet.Render(8, 24, seed: 0);
        var hash = Convert.ToHexStringLower(SHA256.HashData([.. set.Classes, .. set.Parts, .. set.Instances]))[..16];

        Assert.Equal((2, "f93e6eb2dc0673af"), (SceneSet.Version, hash));
    }

    [Fact]
    public void Every_class_and_part_is_common_enough_to_be_learned_and_none_is_nearly_all()
    {
        foreach (var kind in Enum.GetValues<SemanticClass>())
        {
            Assert.InRange(Share(Set.Classes, (byte)kind), 0.003, 0.4);
        }

        foreach (var part in Enum.GetValues<Part>())
        {
            Assert.InRange(Share(Set.Parts, (byte)part), 0.002, 0.92);
        }

        Assert.InRange(Share(Set.Edges, 1), 0.08, 0.25);
        Assert.InRange(Share(Set.Boundaries, 1), 0.03, 0.15);
        Assert.InRange(Share(Set.Saliency, 1), 0.04, 0.15);
    }

    [Fact]
    public void Every_class_is_in_many_scenes()
    {
        foreach (var kind in Enum.GetValues<SemanticClass>())
        {
            var scenes = Enumerable
                .Range(0, Set.Count)
                .Count(scene => Set.Classes.AsSpan(scene * Set.Pixels, Set.Pixels).Contains((byte)kind));
            Assert.InRange(scenes, Set.Count / 6, Set.Count);
        }
    }

    [Fact]
    public void The_domains_differ_in_brightness_noise_and_view()
    {
        var day = Of(Domain.Day);
        var dusk = Of(Domain.Dusk);

        Assert.True(Average(day, Brightness) > 1.2 * Average(dusk, Brightness));
        Assert.True(Average(day, Roughness) < 0.8 * Average(dusk, Roughness));
        Assert.True(Average(day, Lean) + 0.1 < Average(dusk, Lean)); // seen from above, floors face the camera more

        static int[] Of(Domain domain) =>
            [.. Enumerable.Range(0, Set.Count).Where(scene => SceneSet.DomainOf(scene) == domain)];

        static double Average(int[] scenes, Func<int, double> what) => scenes.Average(what);
    }

    [Fact]
    public void Colour_does_not_give_the_class_away()
    {
        var (pixels, classes) = (Set.Pixels, Enum.GetValues<SemanticClass>().Length);
        var (sums, counts) = (new double[classes, 3], new long[classes]);
        foreach (var (scene, pixel) in Pixels(scene => scene < 80))
        {
            var kind = Set.Classes[(scene * pixels) + pixel];
            counts[kind]++;
            for (var channel = 0; channel < 3; channel++)
            {
                sums[kind, channel] += Colour(scene, pixel, channel);
            }
        }

        var (hits, totals) = (new double[classes], new double[classes]);
        foreach (var (scene, pixel) in Pixels(scene => scene >= 80))
        {
            var kind = Set.Classes[(scene * pixels) + pixel];
            var nearest = Enumerable
                .Range(0, classes)
                .MinBy(each =>
                    Enumerable
                        .Range(0, 3)
                        .Sum(channel =>
                            Math.Pow((sums[each, channel] / counts[each]) - Colour(scene, pixel, channel), 2)
                        )
                );
            totals[kind]++;
            hits[kind] += nearest == kind ? 1 : 0;
        }

        Assert.InRange(hits.Sum() / totals.Sum(), 0, 0.3);
        Assert.InRange(hits.Zip(totals, (hit, total) => hit / total).Average(), 0, 0.2);
    }

    internal static IEnumerable<byte[]> Bytes(SceneSet set) =>
        [
            set.Images,
            set.Classes,
            set.Parts,
            set.Instances,
            set.Edges,
            set.Saliency,
            set.Boundaries,
            MemoryMarshal.AsBytes(set.Depths.AsSpan()).ToArray(),
            MemoryMarshal.AsBytes(set.Normals.AsSpan()).ToArray(),
        ];

    private static double Share(byte[] values, byte value) =>
        values.Count(each => each == value) / (double)values.Length;

    private static IEnumerable<(int Scene, int Pixel)> Pixels(Func<int, bool> takesPart) =>
        from scene in Enumerable.Range(0, Set.Count)
        where takesPart(scene)
        from pixel in Enumerable.Range(0, Set.Pixels)
        select (scene, pixel);

    private static double Colour(int scene, int pixel, int channel) =>
        Set.Images[(((3 * scene) + channel) * Set.Pixels) + pixel];

    private static double Brightness(int scene) =>
        Enumerable.Range(0, 3 * Set.Pixels).Average(i => (double)Set.Images[(3 * scene * Set.Pixels) + i]);

    /// <summary>The median step between neighbours, as a share of the brightness: noise, as most neighbours show the same.</summary>
    private static double Roughness(int scene)
    {
        var steps = Enumerable
            .Range(0, Set.Pixels - 1)
            .Select(pixel => Math.Abs(Colour(scene, pixel, 1) - Colour(scene, pixel + 1, 1)))
            .Order()
            .ToArray();
        return steps[steps.Length / 2] / Brightness(scene);
    }

    private static double Lean(int scene)
    {
        var ground = Enumerable
            .Range(0, Set.Pixels)
            .Where(pixel => Set.Classes[(scene * Set.Pixels) + pixel] == (byte)SemanticClass.Ground)
            .Select(pixel => Set.Normals[(((3 * scene) + 2) * Set.Pixels) + pixel] / SceneSet.NormalScale);
        return ground.DefaultIfEmpty(0).Average();
    }
}
