using Plait.Benchmarks.Scenes.Rendering;

namespace Plait.Benchmarks.Scenes.Things;

/// <summary>Makes tables, seats and shelves of boards and what holds them up.</summary>
internal static class Furniture
{
    private const double Grain = 0.22; // the size of a piece's pattern, metres

    /// <summary>A table, with four legs or one, angular or round.</summary>
    public static Assembly Table(Workshop make, Place place)
    {
        var (width, length) = (make.Between(0.8, 1.6), make.Between(0.6, 1));
        var (height, thickness) = (make.Between(0.45, 0.85), make.Between(0.04, 0.09));
        var round = make.Happens(0.35);
        var table = new Assembly(
            SemanticClass.Table,
            place,
            round ? width / 2 : Math.Sqrt((width * width) + (length * length)) / 2
        )
        {
            Top = height,
        };
        var board = make.Texture(Grain);
        var support = make.Maybe(board, Grain);
        var under = height - thickness;
        if (round)
        {
            table.Rod(Part.Board, board, new(0, under, 0), new(0, height, 0), width / 2, width / 2);
            table.Rod(Part.Support, support, new(0, 0, 0), new(0, under, 0), make.Between(0.05, 0.2), 0.05);
            return table;
        }

        table.Box(Part.Board, board, new(0, height - (thickness / 2), 0), new(width, thickness, length));
        Legs(make, table, support, width, length, under);
        return table;
    }

    /// <summary>A chair, a stool or a bench.</summary>
    /// <param name="make">Chance and style.</param>
    /// <param name="place">Where; it faces its own z axis.</param>
    /// <param name="benches">How often it is a bench.</param>
    public static Assembly Seat(Workshop make, Place place, double benches)
    {
        var width = make.Happens(benches) ? make.Between(1.2, 1.9) : make.Between(0.4, 0.55);
        var (length, height) = (make.Between(0.38, 0.55), make.Between(0.38, 0.5));
        const double Thickness = 0.06;
        var seat = new Assembly(SemanticClass.Seat, place, Math.Sqrt((width * width) + (length * length)) / 2);
        var board = make.Texture(Grain);
        var support = make.Maybe(board, Grain);
        seat.Box(Part.Board, board, new(0, height - (Thickness / 2), 0), new(width, Thickness, length));
        Legs(make, seat, support, width, length, height - Thickness);
        if (make.Happens(0.8))
        {
            var back = make.Between(0.35, 0.6);
            seat.Box(
                Part.Board,
                make.Maybe(board, Grain),
                new(0, height + (back / 2), (Thickness - length) / 2),
                new(width, back, Thickness)
            );
        }

        if (make.Happens(0.25))
        {
            foreach (var side in new[] { -1, 1 })
            {
                seat.Box(Part.Support, support, new(side * width / 2, height + 0.1, 0), new(0.05, 0.22, length));
            }
        }

        return seat;
    }

    /// <summary>A shelf that stands with its back, its own −z, to a wall; some have doors.</summary>
    public static Assembly Shelf(Workshop make, Place place)
    {
        var (width, height, length) = (make.Between(0.6, 1.5), make.Between(0.8, 2.1), make.Between(0.28, 0.45));
        const double Thickness = 0.05;
        var shelf = new Assembly(SemanticClass.Shelf, place, Math.Sqrt((width * width) + (length * length)) / 2);
        var board = make.Texture(Grain);
        var support = make.Maybe(board, Grain);
        foreach (var side in new[] { -1, 1 })
        {
            shelf.Box(
                Part.Support,
                support,
                new(side * (width - Thickness) / 2, height / 2, 0),
                new(Thickness, height, length)
            );
        }

        if (make.Happens(0.3))
        {
            shelf.Box(Part.Board, board, new(0, height / 2, 0), new(width - (2 * Thickness), height, length * 0.94));
            return shelf;
        }

        shelf.Box(
            Part.Support,
            make.Maybe(support, Grain),
            new(0, height / 2, -length * 0.47),
            new(width, height, 0.02)
        );
        var boards = make.Count(3, 5);
        for (var level = 0; level < boards; level++)
        {
            var middle = 0.06 + ((height - 0.06 - (Thickness / 2)) * level / (boards - 1));
            shelf.Box(Part.Board, board, new(0, middle, 0), new(width - (2 * Thickness), Thickness, length));
        }

        return shelf;
    }

    private static void Legs(Workshop make, Assembly piece, Texture texture, double width, double length, double height)
    {
        var (thickness, angular) = (make.Between(0.04, 0.09), make.Happens(0.5));
        var (x, z) = ((width / 2) - thickness, (length / 2) - thickness);
        foreach (var (sideways, forward) in new[] { (-x, -z), (-x, z), (x, -z), (x, z) })
        {
            if (angular)
            {
                piece.Box(Part.Support, texture, new(sideways, height / 2, forward), new(thickness, height, thickness));
            }
            else
            {
                piece.Rod(
                    Part.Support,
                    texture,
                    new(sideways, 0, forward),
                    new(sideways, height, forward),
                    thickness / 3,
                    thickness / 1.6
                );
            }
        }
    }
}
