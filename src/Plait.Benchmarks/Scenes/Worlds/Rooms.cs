using Plait.Benchmarks.Scenes.Geometry;
using Plait.Benchmarks.Scenes.Rendering;
using Plait.Benchmarks.Scenes.Things;

namespace Plait.Benchmarks.Scenes.Worlds;

/// <summary>Furnishes rooms: a floor, walls with windows and pictures, furniture, people, lamps, plants and balls.</summary>
internal static class Rooms
{
    private const double Far = 30; // behind every wall
    private const double Paper = 0.5; // the size of a wall's pattern, metres
    private const double Degree = Math.PI / 180;

    /// <summary>A room that is seen from its front wall.</summary>
    public static Scene Furnish(Workshop make)
    {
        var draft = new SceneDraft();
        var size = new Vector(make.Between(3.4, 5.2), make.Between(2.4, 3), make.Between(3.6, 5.8)); // width, height, length
        var style = make.Style;
        var camera = new Camera(
            new(make.Between(-0.2, 0.2) * size.X, style.RoomEye.Draw(make.Chance), -0.25),
            make.Between(-24, 24) * Degree,
            -style.Pitch.Draw(make.Chance) * Degree,
            make.Between(-3, 3) * Degree,
            style.FieldOfView.Draw(make.Chance) * Degree
        );
        draft.KeepFree(camera.Position, 0.9);
        Enclose(make, draft, size);
        Cover(make, draft, size);
        foreach (var build in Choose(make))
        {
            build(draft, size);
        }

        var lamps = Enumerable.Range(0, make.Count(1, 2)).Select(_ => Lamp(make, size)).ToArray();
        var ambient = style.Ambient.Draw(make.Chance);
        return new(draft.Objects)
        {
            Camera = camera,
            Lights = lamps,
            Ambient = new Vector(ambient, ambient, ambient),
            Sky = new(default, default, 0, default),
            Haze = 0,
            Far = Far,
        };
    }

    private static void Enclose(Workshop make, SceneDraft draft, Vector size)
    {
        var wall = make.Texture(Paper);
        draft.Add(Piece(new Plane(default, Vector.Up), make.Texture(Paper), SemanticClass.Ground));
        draft.Add(Piece(new Plane(new(0, size.Y, 0), -Vector.Up), make.Texture(Paper), SemanticClass.Wall));
        draft.Add(Piece(new Plane(new(0, 0, -size.Z), new(0, 0, 1)), wall, SemanticClass.Wall));
        draft.Add(Piece(new Plane(new(-size.X / 2, 0, 0), new(1, 0, 0)), make.Maybe(wall, Paper), SemanticClass.Wall));
        draft.Add(Piece(new Plane(new(size.X / 2, 0, 0), new(-1, 0, 0)), make.Maybe(wall, Paper), SemanticClass.Wall));
    }

    /// <summary>Hangs flat things on the walls and lays a rug.</summary>
    private static void Cover(Workshop make, SceneDraft draft, Vector size)
    {
        for (var count = make.Count(1, 4); count > 0; count--)
        {
            var half = new Vector(make.Between(0.25, 0.7), make.Between(0.3, 0.6), 0.04);
            var isDoor = make.Happens(0.25);
            half = isDoor ? new(0.45, 1, 0.04) : half;
            var height = isDoor ? 1 : make.Between(1.2, 1.8);
            var side = make.Count(-1, 1);
            var along = make.Between(-0.4, 0.4);
            var box =
                side == 0
                    ? new Box(new(along * (size.X - 1), height, -size.Z), half)
                    : new Box(new(side * size.X / 2, height, (along - 0.55) * size.Z), new(half.Z, half.Y, half.X));
            draft.Add(Piece(box, make.Texture(0.3), SemanticClass.Opening));
        }

        if (make.Happens(0.6))
        {
            var centre = new Vector(make.Between(-0.2, 0.2) * size.X, 0.002, -size.Z * make.Between(0.4, 0.65));
            var half = new Vector(make.Between(0.7, 1.4), 0.002, make.Between(0.5, 1.1));
            draft.Add(Piece(new Box(centre, half, make.Between(-0.4, 0.4)), make.Texture(0.3), SemanticClass.Path));
        }
    }

    /// <summary>What is put into the room, large things first while there is room.</summary>
    private static IEnumerable<Action<SceneDraft, Vector>> Choose(Workshop make)
    {
        for (var count = make.Count(0, 2); count > 0; count--)
        {
            yield return (draft, size) => draft.Place(() => ByWall(make, size), place => Furniture.Shelf(make, place));
        }

        for (var count = make.Count(1, 2); count > 0; count--)
        {
            yield return (draft, size) => SetTable(make, draft, size);
        }

        for (var count = make.Count(1, 3); count > 0; count--)
        {
            yield return (draft, size) =>
                draft.Place(() => Anywhere(make, size), place => Furniture.Seat(make, place, 0.15));
        }

        for (var count = make.Count(2, 5); count > 0; count--)
        {
            Func<Place, Assembly> build = make.Count(0, 4) switch
            {
                0 => place => Objects.RoomLamp(make, place, small: false),
                1 => place => Objects.Ball(make, place, 0.15, 0.42),
                2 => place => Objects.PottedPlant(make, place, small: false),
                _ => place => People.Person(make, place),
            };
            yield return (draft, size) => draft.Place(() => Anywhere(make, size), build);
        }
    }

    private static void SetTable(Workshop make, SceneDraft draft, Vector size)
    {
        var table = draft.Place(() => Anywhere(make, size), place => Furniture.Table(make, place));
        if (table is null || make.Happens(0.4))
        {
            return;
        }

        var spot = new Place(
            table.Place.At(make.Between(-0.2, 0.2), table.Top, make.Between(-0.15, 0.15)),
            make.Turn()
        );
        draft.Put(
            make.Count(0, 2) switch
            {
                0 => Objects.RoomLamp(make, spot, small: true),
                1 => Objects.PottedPlant(make, spot, small: true),
                _ => Objects.Ball(make, spot, 0.08, 0.2),
            }
        );
    }

    private static Place Anywhere(Workshop make, Vector size) =>
        new(
            new(make.Between(-0.5, 0.5) * (size.X - 1), 0, -make.Between(1.4, size.Z - 0.5)),
            make.Happens(0.5) ? Math.PI / 2 * make.Count(0, 3) : make.Turn()
        );

    private static Place ByWall(Workshop make, Vector size)
    {
        const double Gap = 0.26; // half of the deepest shelf, and a little
        var side = make.Count(-1, 1);
        return side == 0
            ? new(new(make.Between(-0.5, 0.5) * (size.X - 1.6), 0, Gap - size.Z), 0)
            : new(new(side * ((size.X / 2) - Gap), 0, -make.Between(2, size.Z - 0.9)), -side * Math.PI / 2);
    }

    private static Light Lamp(Workshop make, Vector size)
    {
        var place = new Vector(
            make.Between(-0.4, 0.4) * size.X,
            size.Y * make.Between(0.8, 0.97),
            -size.Z * make.Between(0.1, 0.9)
        );
        var strength = make.Between(0.7, 1.2);
        return new(
            place,
            new Vector(strength, strength * make.Between(0.85, 1), strength * make.Between(0.7, 1)),
            IsSun: false
        );
    }

    private static Piece Piece(Solid solid, Texture texture, SemanticClass kind) =>
        new(solid, texture, kind, Part.Background);
}
