using System.Globalization;
using System.Text;

namespace Plait.Cli.Tests.Commands;

/// <summary>Demonstrations of going to a place in the plane that is never seen, as a table.</summary>
internal static class GoalDemonstrations
{
    /// <summary>What <c>docs/relationships/goals.csv</c> holds.</summary>
    public static string Example => Csv(tasks: 40, demonstrations: 6, steps: 6, seed: 1);

    /// <summary>From somewhere in the square a third of the way to the goal at each step.</summary>
    public static string Csv(int tasks, int demonstrations, int steps, int seed)
    {
        var random = new Random(seed);
        var text = new StringBuilder("task,demonstration,step,x,y,move-x,move-y\n");
        for (var task = 1; task <= tasks; task++)
        {
            var (goalX, goalY) = Place(random);
            for (var demonstration = 1; demonstration <= demonstrations; demonstration++)
            {
                var (x, y) = Place(random);
                for (var step = 0; step < steps; step++)
                {
                    var (moveX, moveY) = ((goalX - x) / 3, (goalY - y) / 3);
                    text.Append(
                        CultureInfo.InvariantCulture,
                        $"goal-{task},{demonstration},{step},{x:0.000},{y:0.000},{moveX:0.000},{moveY:0.000}\n"
                    );
                    (x, y) = (x + moveX, y + moveY);
                }
            }
        }

        return text.ToString();
    }

    private static (double X, double Y) Place(Random random) =>
        ((2 * random.NextDouble()) - 1, (2 * random.NextDouble()) - 1);
}
