using Plait.Benchmarks.Scenes.Geometry;
using Plait.Benchmarks.Scenes.Rendering;
using Plait.Benchmarks.Scenes.Things;

namespace Plait.Benchmarks.Scenes.Worlds;

/// <summary>Builds streets: a road between pavements and houses, with cars, people, trees, lamps, seats and balls.</summary>
internal static class Streets
{
    private const double Far = 50; // metres
    private const double Kerb = 0.12; // the height of the pavement, metres
    private const double Pavement = 3; // its width, metres
    private const double Degree = Math.PI / 180;

    /// <summary>A street that is seen along its road.</summary>
    public static Scene Build(Workshop make)
    {
        var (draft, style) = (new SceneDraft(), make.Style);
        var road = make.Between(2.8, 4.2); // half of its width
        var camera = new Camera(
            new(make.Between(-0.6, 0.6) * road, style.StreetEye.Draw(make.Chance), 0),
            make.Between(-30, 30) * Degree,
            -style.Pitch.Draw(make.Chance) / 2 * Degree,
            make.Between(-3, 3) * Degree,
            style.FieldOfView.Draw(make.Chance) * Degree
        );
        draft.KeepFree(camera.Position, 1.6);
        draft.Add(Piece(new Plane(default, Vector.Up), make.Texture(1.2), SemanticClass.Ground));
        foreach (var side in new[] { -1, 1 })
        {
            var middle = new Vector(side * (road + (Pavement / 2)), Kerb / 2, -Far / 2);
            var half = new Vector(Pavement / 2, Kerb / 2, (Far / 2) + 4);
            draft.Add(Piece(new Box(middle, half), make.Texture(0.6), SemanticClass.Path));
            Line(make, draft, side, road + Pavement);
        }

        Populate(make, draft, road);
        var ambient = style.Ambient.Draw(make.Chance);
        return new(draft.Objects)
        {
            Camera = camera,
            Lights = [Sun(make)],
            Ambient = new Vector(ambient, ambient, ambient),
            Sky = new(
                style.Colour(make.Chance),
                style.Colour(make.Chance),
                make.Between(-0.4, 0.8),
                new(make.Turn(), make.Turn(), make.Turn())
            ),
            Haze = -Math.Log(1 - style.Haze.Draw(make.Chance)) / 10,
            Far = Far,
        };
    }

    /// <summary>Houses along one side, with gaps.</summary>
    private static void Line(Workshop make, SceneDraft draft, int side, double front)
    {
        for (var z = 4.0; z > -Far; )
        {
            var width = make.Between(4.5, 9);
            if (make.Happens(0.8))
            {
                draft.Add(House(make, side, front + make.Between(0, 0.8), z - (width / 2), width));
            }

            z -= width + (make.Happens(0.3) ? make.Between(0.5, 2.5) : 0);
        }
    }

    private static Piece[] House(Workshop make, int side, double front, double middle, double width)
    {
        var (height, depth) = (make.Between(3.2, 11), make.Between(4, 8));
        var (wall, glass) = (make.Texture(0.8), make.Texture(0.5));
        var pieces = new List<Piece>
        {
            Piece(
                new Box(new(side * (front + (depth / 2)), height / 2, middle), new(depth / 2, height / 2, width / 2)),
                wall,
                SemanticClass.Wall
            ),
        };
        var (storey, pitch) = (make.Between(2.6, 3.4), make.Between(1.7, 2.8));
        var half = new Vector(0.06, make.Between(0.45, 0.75), make.Between(0.35, 0.65));
        var columns = (int)((width - 0.4) / pitch);
        for (var sill = storey * 0.55; sill + half.Y < height - 0.2; sill += storey)
        {
            for (var column = 0; column < columns; column++)
            {
                var z = middle + ((column - ((columns - 1) / 2.0)) * pitch);
                pieces.Add(Piece(new Box(new(side * front, sill, z), half), glass, SemanticClass.Opening));
            }
        }

        if (make.Happens(0.6))
        {
            var door = middle + (make.Between(-0.4, 0.4) * width);
            pieces.Add(
                Piece(
                    new Box(new(side * front, 1.1, door), new(0.08, 1.1, 0.5)),
                    make.Texture(0.5),
                    SemanticClass.Opening
                )
            );
        }

        return [.. pieces];
    }

    private static void Populate(Workshop make, SceneDraft draft, double road)
    {
        Several(make, draft, 1, 4, () => Lane(make, road), place => Vehicles.Car(make, place));
        Several(make, draft, 1, 4, () => Verge(make, road, 0.5), place => Objects.Tree(make, place));
        Several(make, draft, 1, 3, () => Verge(make, road, 0.4), place => Objects.StreetLamp(make, place));
        Several(make, draft, 0, 2, () => Verge(make, road, 2.2), place => Furniture.Seat(make, place, 0.6));
        Several(make, draft, 0, 1, () => Verge(make, road, 1.8), place => Furniture.Table(make, place));
        Several(make, draft, 2, 5, () => Anywhere(make, road), place => People.Person(make, place));
        Several(make, draft, 1, 3, () => Anywhere(make, road), place => Objects.Ball(make, place, 0.2, 0.5));
    }

    private static void Several(
        Workshop make,
        SceneDraft draft,
        int least,
        int most,
        Func<Place> propose,
        Func<Place, Assembly> build
    )
    {
        for (var count = make.Count(least, most); count > 0; count--)
        {
            draft.Place(propose, build);
        }
    }

    /// <summary>On the road, by its side or in a lane, along or a little askew.</summary>
    private static Place Lane(Workshop make, double road)
    {
        var x = make.Happens(0.6) ? road - 1 : road * make.Between(0, 0.6);
        var yaw = make.Between(-0.1, 0.1) + (make.Happens(0.5) ? Math.PI : 0) + (make.Happens(0.3) ? Math.PI / 2 : 0);
        return new(new(Side(make) * x, 0, -Ahead(make, 4.5)), yaw);
    }

    /// <summary>On the pavement, at a distance from the road; its front is towards the road.</summary>
    private static Place Verge(Workshop make, double road, double away)
    {
        var side = Side(make);
        return new(new(side * (road + away), Kerb, -Ahead(make, 3)), -side * Math.PI / 2);
    }

    private static Place Anywhere(Workshop make, double road)
    {
        var onRoad = make.Happens(0.35);
        var x = onRoad ? make.Between(-0.9, 0.9) * road : Side(make) * (road + make.Between(0.4, Pavement - 0.4));
        return new(new(x, onRoad ? 0 : Kerb, -Ahead(make, 2.5)), make.Turn());
    }

    /// <summary>More near than far, so that most things are large enough to be seen.</summary>
    private static double Ahead(Workshop make, double least)
    {
        var share = make.Between(0, 1);
        return least + (14 * share * share);
    }

    private static int Side(Workshop make) => make.Happens(0.5) ? 1 : -1;

    private static Light Sun(Workshop make)
    {
        var (sinHeight, cosHeight) = Math.SinCos(make.Style.LightHeight.Draw(make.Chance) * Degree);
        var (sine, cosine) = Math.SinCos(make.Turn());
        return new(
            new(cosHeight * cosine, sinHeight, cosHeight * sine),
            new Vector(1, make.Between(0.85, 1), make.Between(0.7, 1)),
            IsSun: true
        );
    }

    private static Piece Piece(Solid solid, Texture texture, SemanticClass kind) =>
        new(solid, texture, kind, Part.Background);
}
