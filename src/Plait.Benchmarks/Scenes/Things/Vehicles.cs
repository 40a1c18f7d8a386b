using Plait.Benchmarks.Scenes.Rendering;

namespace Plait.Benchmarks.Scenes.Things;

/// <summary>Makes cars of a body with windows and four wheels; their own z axis is their length.</summary>
internal static class Vehicles
{
    private const double Paint = 0.5; // the size of a pattern, metres

    /// <summary>A saloon or a van.</summary>
    public static Assembly Car(Workshop make, Place place)
    {
        var (length, width) = (make.Between(3.4, 4.6), make.Between(1.55, 1.85));
        var (wheel, belt) = (make.Between(0.32, 0.43), make.Between(0.85, 1.05));
        var van = make.Happens(0.3);
        var car = new Assembly(SemanticClass.Car, place, length / 2);
        var (paint, glass, tyre) = (make.Texture(Paint), make.Texture(Paint), make.Texture(0.15));
        car.Box(Part.Body, paint, new(0, (wheel + belt) / 2, 0), new(width, belt - wheel, length));
        var cabin = van ? length * 0.85 : length * make.Between(0.45, 0.6);
        var roof = belt + (van ? make.Between(0.8, 1.1) : make.Between(0.45, 0.6));
        var setBack = van ? (cabin - length) / 2 : make.Between(-0.1, 0.05) * length;
        car.Box(
            Part.Body,
            make.Maybe(paint, Paint),
            new(0, (belt + roof) / 2, setBack),
            new(width * 0.9, roof - belt, cabin)
        );
        Windows(car, glass, width, belt, roof, cabin, setBack);
        foreach (var side in new[] { -1, 1 })
        {
            foreach (var end in new[] { -0.31, 0.31 })
            {
                car.Rod(
                    Part.Wheel,
                    tyre,
                    new(side * ((width / 2) - 0.18), wheel, end * length),
                    new(side * ((width / 2) + 0.03), wheel, end * length),
                    wheel,
                    wheel
                );
            }
        }

        return car;
    }

    private static void Windows(
        Assembly car,
        Rendering.Texture glass,
        double width,
        double belt,
        double roof,
        double cabin,
        double setBack
    )
    {
        var (middle, height) = ((belt + roof) / 2, (roof - belt) * 0.7);
        car.Box(Part.Body, glass, new(0, middle, setBack), new((width * 0.9) + 0.02, height, cabin * 0.8));
        car.Box(Part.Body, glass, new(0, middle, setBack), new(width * 0.75, height, cabin + 0.02));
    }
}
