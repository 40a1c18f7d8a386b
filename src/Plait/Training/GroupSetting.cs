using System.Globalization;
using Plait.Networks;

namespace Plait.Training;

/// <summary>What a recipe says of a group of parameters: how fast it moves, by what and how often, or that it stands still.</summary>
/// <remarks>As text it is "encoder=0.1x" (a tenth of what the group takes otherwise), "encoder=0.0001" or "encoder=0".</remarks>
public sealed record GroupSetting
{
    private readonly double scale = 1;
    private readonly double? rate;
    private readonly int? every;

    /// <summary>Names the groups.</summary>
    /// <param name="name">A group's name, or that of all alike: "heads" for "heads.churn" and "heads.sold".</param>
    public GroupSetting(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Name = name;
    }

    /// <summary>The groups that are meant; where two settings mean one group, the longer name decides.</summary>
    public string Name { get; }

    /// <summary>How many times the learning rate that the group takes otherwise; above 0.</summary>
    /// <exception cref="ArgumentException">It is not above 0.</exception>
    public double LearningRateScale
    {
        get => scale;
        init => scale = Positive(value);
    }

    /// <summary>The learning rate at the start, in place of any multiple; null keeps to <see cref="LearningRateScale"/>. A schedule changes it as the recipe's.</summary>
    /// <exception cref="ArgumentException">It is not above 0.</exception>
    public double? LearningRate
    {
        get => rate;
        init => rate = value is { } given ? Positive(given) : null;
    }

    /// <summary>Whether the group does not learn at all. What normalisation layers measure goes on.</summary>
    public bool Frozen { get; init; }

    /// <summary>What moves the group; null for the recipe's optimizer, or the method's own.</summary>
    public OptimizerFactory? Optimizer { get; init; }

    /// <summary>The group moves in every so many steps, 1 or more; null for what the method says, which is mostly 1.</summary>
    /// <exception cref="ArgumentException">It is below 1.</exception>
    public int? Every
    {
        get => every;
        init =>
            every = value is null or >= 1
                ? value
                : throw new ArgumentException($"A group moves in every so many steps, 1 or more; got {value}.");
    }

    /// <summary>Reads "encoder=0.1x", "encoder=0.0001" or "encoder=0".</summary>
    /// <exception cref="FormatException">The text is none of them.</exception>
    public static GroupSetting Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var end = text.LastIndexOf('=');
        var value = text[(end + 1)..].Trim();
        var isScale = value.EndsWith('x');
        if (
            end <= 0
            || string.IsNullOrWhiteSpace(text[..end])
            || !double.TryParse(
                isScale ? value[..^1] : value,
                NumberStyles.Float,
                CultureInfo.InvariantCulture,
                out var number
            )
            || !double.IsFinite(number)
            || number < 0
            || (isScale && number == 0)
        )
        {
            throw new FormatException(
                $"'{text}' is no learning rate of a group; write encoder=0.1x for a tenth of the others', encoder=0.0001, or encoder=0 to freeze it."
            );
        }

        var setting = new GroupSetting(text[..end].Trim());
        return number == 0 ? setting with { Frozen = true }
            : isScale ? setting with { LearningRateScale = number }
            : setting with { LearningRate = number };
    }

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Name}={(Frozen ? "0" : rate is { } fixedRate ? $"{fixedRate:R}" : $"{scale:R}x")}{(Optimizer is null ? "" : $" by {Optimizer.GetType().Name}")}{(every is null ? "" : $" every {every}")}"
        );

    private static double Positive(double value) =>
        value > 0 && double.IsFinite(value)
            ? value
            : throw new ArgumentException(
                $"A group's learning rate, or its multiple of the others', is above 0; got {value}. Set Frozen for one that is not to learn."
            );
}
