using System.CommandLine;

namespace Plait.Cli.Commands;

/// <summary>Options of both ways to embed tasks.</summary>
internal static class EmbedOptions
{
    public static Option<string> Output() =>
        new("--output", "-o")
        {
            Description = "The folder for embeddings.csv and network.safetensors.",
            HelpName = "DIR",
            DefaultValueFactory = _ => "embedding",
        };

    public static Option<double> Above0(string name, string description, double value) =>
        Number(name, description, value).Require(x => x > 0 && double.IsFinite(x), "a number above 0");

    public static Option<double> From0(string name, string description, double value) =>
        Number(name, description, value).Require(x => x >= 0 && double.IsFinite(x), "0 or a number above it");

    public static Option<double> Share(string name, string description, double value) =>
        Number(name, description, value).Require(x => x is > 0 and < 1, "a share between 0 and 1");

    /// <summary>Does work that may end in numbers that are not finite, which a person can do something about.</summary>
    /// <exception cref="CommandFailure">It did.</exception>
    public static T Finite<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (ArithmeticException failure)
        {
            throw new CommandFailure(failure.Message);
        }
    }

    private static Option<double> Number(string name, string description, double value) =>
        new(name)
        {
            Description = description,
            HelpName = "X",
            DefaultValueFactory = _ => value,
        };
}
