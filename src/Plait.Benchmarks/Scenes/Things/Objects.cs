using Plait.Benchmarks.Scenes.Geometry;
using Plait.Benchmarks.Scenes.Rendering;

namespace Plait.Benchmarks.Scenes.Things;

/// <summary>Makes lamps, balls, plants and trees: things without parts that a task asks for.</summary>
internal static class Objects
{
    /// <summary>A floor lamp, or a small one for a table.</summary>
    public static Assembly RoomLamp(Workshop make, Place place, bool small)
    {
        var height = small ? make.Between(0.35, 0.6) : make.Between(1.2, 1.8);
        var (foot, shade) = (height * make.Between(0.08, 0.14), height * make.Between(0.13, 0.22));
        var lamp = new Assembly(SemanticClass.Lamp, place, Math.Max(foot, shade));
        var metal = make.Texture(0.1);
        lamp.Rod(Part.Background, metal, new(0, 0, 0), new(0, 0.04, 0), foot, foot);
        lamp.Rod(Part.Background, metal, new(0, 0.04, 0), new(0, height * 0.8, 0), height * 0.018, height * 0.018);
        var top = make.Happens(0.3) ? shade : shade * make.Between(0.3, 0.8);
        lamp.Rod(Part.Background, make.Texture(0.12), new(0, height * 0.74, 0), new(0, height, 0), shade, top);
        return lamp;
    }

    /// <summary>A street lamp; its arm points along its own z axis.</summary>
    public static Assembly StreetLamp(Workshop make, Place place)
    {
        var (height, reach) = (make.Between(2.8, 5), make.Between(0.3, 1.1));
        var lamp = new Assembly(SemanticClass.Lamp, place, 0.25);
        var metal = make.Texture(0.4);
        var thickness = make.Between(0.06, 0.11);
        lamp.Rod(Part.Background, metal, new(0, 0, 0), new(0, height, 0), thickness, thickness * 0.7);
        lamp.Rod(
            Part.Background,
            metal,
            new(0, height, 0),
            new(0, height + 0.1, reach),
            thickness * 0.6,
            thickness * 0.5
        );
        lamp.Ball(Part.Background, make.Maybe(metal, 0.2), new(0, height + 0.05, reach), new(0.26, 0.14, 0.26));
        return lamp;
    }

    /// <summary>A ball that lies on the ground.</summary>
    public static Assembly Ball(Workshop make, Place place, double least, double most)
    {
        var radius = make.Between(least, most);
        return new Assembly(SemanticClass.Ball, place, radius).Ball(
            Part.Background,
            make.Texture(radius * 0.5),
            new(0, radius, 0),
            new(radius, radius, radius)
        );
    }

    /// <summary>A plant in a pot.</summary>
    public static Assembly PottedPlant(Workshop make, Place place, bool small)
    {
        var size = small ? make.Between(0.16, 0.26) : make.Between(0.35, 0.65);
        var plant = new Assembly(SemanticClass.Plant, place, size * 0.8);
        var pot = size * make.Between(0.6, 0.9);
        plant.Rod(Part.Background, make.Texture(0.12), new(0, 0, 0), new(0, pot, 0), size * 0.3, size * 0.45);
        Crown(make, plant, new(0, pot + (size * 0.5), 0), size * 0.7, 0.15);
        return plant;
    }

    /// <summary>A tree, round or pointed.</summary>
    public static Assembly Tree(Workshop make, Place place)
    {
        var (trunk, crown) = (make.Between(1.2, 2.4), make.Between(0.8, 1.7));
        var tree = new Assembly(SemanticClass.Plant, place, 0.5);
        var thickness = make.Between(0.09, 0.2);
        tree.Rod(Part.Background, make.Texture(0.3), new(0, 0, 0), new(0, trunk + 0.3, 0), thickness * 1.2, thickness);
        if (make.Happens(0.35))
        {
            var foliage = make.Texture(0.4);
            tree.Rod(Part.Background, foliage, new(0, trunk, 0), new(0, trunk + (crown * 2.6), 0), crown, 0.05);
            return tree;
        }

        Crown(make, tree, new(0, trunk + (crown * 0.7), 0), crown, 0.4);
        return tree;
    }

    private static void Crown(Workshop make, Assembly plant, Vector centre, double size, double scale)
    {
        var foliage = make.Texture(scale);
        for (var ball = make.Count(1, 4); ball > 0; ball--)
        {
            var away =
                ball == 1
                    ? default
                    : new Vector(make.Between(-0.5, 0.5), make.Between(-0.3, 0.5), make.Between(-0.5, 0.5)) * size;
            var radius = size * (ball == 1 ? make.Between(0.7, 1) : make.Between(0.4, 0.7));
            plant.Ball(Part.Background, foliage, centre + away, new(radius, radius * make.Between(0.8, 1.2), radius));
        }
    }
}
