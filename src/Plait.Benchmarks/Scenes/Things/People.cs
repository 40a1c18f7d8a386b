using Plait.Benchmarks.Scenes.Geometry;
using Plait.Benchmarks.Scenes.Rendering;

namespace Plait.Benchmarks.Scenes.Things;

/// <summary>Makes people of a head, a trunk and limbs that stand or stride.</summary>
internal static class People
{
    private const double Cloth = 0.12; // the size of a pattern, metres

    /// <summary>A person, from a child's height to a tall adult's.</summary>
    public static Assembly Person(Workshop make, Place place)
    {
        var height = make.Between(1.15, 1.9);
        var person = new Assembly(SemanticClass.Person, place, 0.28);
        var (hips, shoulders, girth) = (height * 0.48, height * 0.81, height * make.Between(0.085, 0.12));
        var (shirt, trousers, skin) = (make.Texture(Cloth), make.Texture(Cloth), make.Texture(Cloth));
        var stride = make.Between(-0.16, 0.16) * height;
        Legs(person, trousers, hips, girth, stride, height * 0.05);
        person.Rod(Part.Torso, shirt, new(0, hips * 0.95, 0), new(0, shoulders, 0), girth * 1.05, girth * 1.25);
        Arms(make, person, make.Maybe(shirt, Cloth), shoulders, girth, stride, height * 0.035);
        person.Rod(Part.Head, skin, new(0, shoulders, 0), new(0, height * 0.88, 0), height * 0.03, height * 0.03);
        var radius = height * 0.072;
        person.Ball(Part.Head, skin, new(0, height - (radius * 1.2), 0), new(radius, radius * 1.2, radius));
        if (make.Happens(0.3))
        {
            var brim = height - (radius * 0.6);
            person.Rod(
                Part.Head,
                make.Texture(Cloth),
                new(0, brim, 0),
                new(0, brim + radius, 0),
                radius * 1.3,
                radius * 0.9
            );
        }

        return person;
    }

    private static void Legs(
        Assembly person,
        Texture texture,
        double hips,
        double girth,
        double stride,
        double thickness
    )
    {
        foreach (var side in new[] { -1, 1 })
        {
            person.Rod(
                Part.Limb,
                texture,
                new(side * girth * 0.55, hips, 0),
                new(side * girth * 0.6, 0.01, side * stride),
                thickness,
                thickness * 0.7
            );
        }
    }

    private static void Arms(
        Workshop make,
        Assembly person,
        Texture texture,
        double shoulders,
        double girth,
        double stride,
        double thickness
    )
    {
        var reach = shoulders * 0.48;
        foreach (var side in new[] { -1, 1 })
        {
            var lift = make.Happens(0.2) ? make.Between(1.1, 2.6) : make.Between(0.08, 0.45); // from hanging down
            var (sine, cosine) = Math.SinCos(lift);
            var shoulder = new Vector(side * girth * 1.25, shoulders - thickness, 0);
            person.Rod(
                Part.Limb,
                texture,
                shoulder,
                shoulder + new Vector(side * reach * sine, -reach * cosine, -side * stride),
                thickness,
                thickness * 0.8
            );
        }
    }
}
