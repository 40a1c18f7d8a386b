using System.Globalization;
using System.Reflection;
using BenchmarkDotNet.Attributes;

namespace Plait.Bench;

/// <summary>
/// Runs the benchmarks of one class in turn, round after round, and compares each with the baseline of its own round: on a
/// machine that others use too, the load changes between one benchmark and the next, and ratios near a bar drown in it.
/// </summary>
internal static class TurnByTurn
{
    private const int Warmup = 2;

    public static void Run(string name, int rounds)
    {
        var type =
            Array.Find(typeof(TurnByTurn).Assembly.GetTypes(), type => type.Name == name)
            ?? throw new ArgumentException($"There is no benchmark class '{name}'.");
        foreach (var setting in Settings(type))
        {
            var instance = Activator.CreateInstance(type)!;
            foreach (var (property, value) in setting)
            {
                property.SetValue(instance, value);
            }

            Call<GlobalSetupAttribute>(type, instance)();
            var methods = type.GetMethods()
                .Select(method => (Call: method, Attribute: method.GetCustomAttribute<BenchmarkAttribute>()))
                .Where(method => method.Attribute is not null)
                .OrderByDescending(method => method.Attribute!.Baseline)
                .ToArray();
            var calls = Array.ConvertAll(methods, method => method.Call.CreateDelegate<Action>(instance));
            Print(
                string.Join(", ", setting.Select(part => part.Value)),
                Array.ConvertAll(methods, method => method.Attribute!.Description ?? method.Call.Name),
                Measure(calls, rounds)
            );
        }
    }

    public static double[][] Measure(Action[] calls, int rounds)
    {
        var times = Array.ConvertAll(calls, _ => new double[rounds]);
        for (var round = -Warmup; round < rounds; round++)
        {
            for (var i = 0; i < calls.Length; i++)
            {
                var before = Environment.CpuUsage.TotalTime;
                calls[i]();
                if (round >= 0)
                {
                    times[i][round] = (Environment.CpuUsage.TotalTime - before).TotalMicroseconds;
                }
            }
        }

        return times;
    }

    public static void Print(string setting, string[] names, double[][] times)
    {
        Console.WriteLine(
            $"| {(setting.Length == 0 ? "benchmark" : setting)} | median of the rounds' ratios | ratio of minima |"
        );
        Console.WriteLine("|---|---:|---:|");
        for (var i = 0; i < names.Length; i++)
        {
            var ratios = times[i].Zip(times[0], (own, reference) => own / reference).Order().ToArray();
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {names[i]} | {ratios[ratios.Length / 2]:0.000} | {times[i].Min() / times[0].Min():0.000} |"
                )
            );
        }

        Console.WriteLine();
    }

    private static Action Call<TAttribute>(Type type, object instance)
        where TAttribute : Attribute =>
        type.GetMethods()
            .Single(method => method.GetCustomAttribute<TAttribute>() is not null)
            .CreateDelegate<Action>(instance);

    /// <summary>Every combination of the values that <see cref="ParamsAttribute"/> lists.</summary>
    private static IEnumerable<(PropertyInfo Property, object? Value)[]> Settings(Type type)
    {
        IEnumerable<(PropertyInfo, object?)[]> settings =
        [
            [],
        ];
        foreach (var property in type.GetProperties())
        {
            if (property.GetCustomAttribute<ParamsAttribute>() is { } values)
            {
                settings = settings.SelectMany(setting =>
                    values.Values.Select(value => ((PropertyInfo, object?)[])[.. setting, (property, value)])
                );
            }
        }

        return settings;
    }
}
