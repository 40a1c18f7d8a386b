using System.Reflection;
using Plait.Catalogue;

namespace Plait.Tasks;

/// <summary>How maps of answers are drawn: a colour for the numbers of one pixel.</summary>
/// <remarks>
/// A kind of answer may bring colours of its own: a subclass with a constructor without parameters, which files find again by its
/// <see cref="Name"/> where the assembly is loaded that brings it (<see cref="PlaitMethodsAttribute"/>).
/// </remarks>
public abstract class AnswerColours
{
    private static readonly Found<AnswerColours> Found = new(Find);

    /// <summary>A hue for each class; class 0, which is often the background, is black.</summary>
    public static AnswerColours Classes { get; } = new ClassHues();

    /// <summary>Black at 0 and white at 1.</summary>
    public static AnswerColours Probability { get; } = new Greys();

    /// <summary>The numbers of a vector from -1 to 1 as red, green and blue.</summary>
    public static AnswerColours Directions { get; } = new Axes();

    /// <summary>Black over violet and orange to white, over the range of what is true.</summary>
    public static AnswerColours Heat { get; } = new HeatScale();

    /// <summary>All there are by now: those of the library, in the order by which earlier versions numbered them, then others by name.</summary>
    public static IReadOnlyList<AnswerColours> All => Found.All;

    /// <summary>The name that files keep.</summary>
    public abstract string Name { get; }

    /// <summary>The colour of one pixel.</summary>
    /// <param name="numbers">One a channel of the map.</param>
    /// <param name="low">The least number of the first channel that is true in the image.</param>
    /// <param name="high">The largest.</param>
    /// <returns>Shares from 0 to 1; what is outside is drawn as the nearer end.</returns>
    public abstract (double Red, double Green, double Blue) Of(ReadOnlySpan<float> numbers, float low, float high);

    /// <summary>The colours of a name; <see cref="Heat"/> where what brings them is not loaded.</summary>
    public static AnswerColours Named(string name) => All.FirstOrDefault(colours => colours.Name == name) ?? Heat;

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static AnswerColours[] Find(IReadOnlyList<Assembly> assemblies) =>
        [
            Classes,
            Probability,
            Directions,
            Heat,
            .. assemblies
                .Skip(1)
                .SelectMany(MethodAssemblies.TypesOf)
                .Where(type => type.IsSubclassOf(typeof(AnswerColours)) && !type.IsAbstract)
                .Select(type => (AnswerColours)Activator.CreateInstance(type, nonPublic: true)!)
                .OrderBy(colours => colours.Name, StringComparer.Ordinal),
        ];

    private sealed class ClassHues : AnswerColours
    {
        private const int Golden = 137; // degrees: hues that far apart are never near one another for the first dozens

        public override string Name => "classes";

        public override (double Red, double Green, double Blue) Of(ReadOnlySpan<float> numbers, float low, float high)
        {
            var number = (int)numbers[0];
            if (number == 0)
            {
                return (0, 0, 0);
            }

            var hue = number * Golden % 360 / 60.0;
            var value = number % 2 == 0 ? 0.95 : 0.7;
            return (Part(5), Part(3), Part(1));

            double Part(int shift)
            {
                var place = (shift + hue) % 6;
                return value * (1 - (0.75 * Math.Clamp(Math.Min(place, 4 - place), 0, 1)));
            }
        }
    }

    private sealed class Greys : AnswerColours
    {
        public override string Name => "probability";

        public override (double Red, double Green, double Blue) Of(
            ReadOnlySpan<float> numbers,
            float low,
            float high
        ) => (numbers[0], numbers[0], numbers[0]);
    }

    private sealed class Axes : AnswerColours
    {
        public override string Name => "directions";

        public override (double Red, double Green, double Blue) Of(ReadOnlySpan<float> numbers, float low, float high)
        {
            return (
                Half(numbers[0]),
                Half(numbers.Length > 1 ? numbers[1] : 0),
                Half(numbers.Length > 2 ? numbers[2] : 0)
            );

            static double Half(float number) => (number + 1) / 2;
        }
    }

    private sealed class HeatScale : AnswerColours
    {
        public override string Name => "numbers";

        public override (double Red, double Green, double Blue) Of(ReadOnlySpan<float> numbers, float low, float high)
        {
            var value = Math.Clamp(high > low ? (numbers[0] - low) / (high - low) : 0, 0.0, 1.0);
            return (
                Math.Min(1, 1.6 * value),
                value * value,
                (0.6 * Math.Sin(Math.PI * value)) + (value * value * value * 0.8)
            );
        }
    }
}
