using Plait.Numerics;
using Plait.Optimization.LossWeighting;
using Plait.Torch;

namespace Plait.Optimization.Scheduling;

/// <summary>The size of an actor-critic and how it learns.</summary>
/// <param name="Width">Units of the LSTM.</param>
/// <param name="Discount">γ.</param>
/// <param name="Entropy">What the entropy counts beside the reward.</param>
/// <param name="LearningRate">Of Adam.</param>
internal sealed record ActorCriticOptions(int Width, double Discount, double Entropy, double LearningRate);

/// <summary>An LSTM that gives a chance to each of several choices and says what reward is to come, learned in managed memory.</summary>
/// <remarks>
/// The cell is that of Hochreiter and Schmidhuber 1997 with forget gates, its equations in the order input, forget, output, candidate; forget
/// gates begin open. Actor and critic are linear and begin at zero, so the first chances are even.
/// </remarks>
internal sealed class ActorCritic
{
    private const double CriticWeight = 0.5; // Mnih et al.'s code and those after it
    private readonly ActorCriticOptions options;
    private readonly TaskAdam optimizer;
    private readonly int inputs;
    private readonly int choices;
    private readonly int[] places; // 0, 1, 2, ...: Adam moves all parameters
    private readonly double[] parameters; // [4 width, inputs + width + 1], then [choices + 1, width + 1]; the last column is the bias
    private Moment now;

    public ActorCritic(ActorCriticOptions options, double[] observation, int choices, Random random)
    {
        this.options = options;
        this.choices = choices;
        inputs = observation.Length;
        parameters = new double[Heads + ((choices + 1) * (options.Width + 1))];
        var bound = 1 / Math.Sqrt(options.Width); // as PyTorch's LSTM
        for (var place = 0; place < Heads; place++)
        {
            parameters[place] = bound * ((2 * random.NextDouble()) - 1);
        }

        for (var unit = options.Width; unit < 2 * options.Width; unit++)
        {
            parameters[(unit * Row) + Row - 1] = 1;
        }

        places = [.. Enumerable.Range(0, parameters.Length)];
        optimizer = new TaskAdam(options.LearningRate);
        optimizer.Begin(parameters.Length);
        now = Look(observation, new double[options.Width], new double[options.Width]);
    }

    /// <summary>The chance of each choice until the next lesson; their sum is 1.</summary>
    public IReadOnlyList<double> Chances => now.Chances;

    /// <summary>The discounted reward that the critic expects.</summary>
    public double Value => now.Value;

    /// <summary>All weights, to be looked at and, in tests, moved; <see cref="LookAgain"/> makes the chances theirs.</summary>
    public Span<double> Parameters => parameters;

    private int Row => inputs + options.Width + 1;

    private int Heads => 4 * options.Width * Row;

    /// <summary>Learns from what was chosen since the last lesson, then looks at what came of it.</summary>
    /// <param name="shares">How often each choice was made, with sum 1.</param>
    /// <param name="rewards">What each choice brought.</param>
    /// <param name="observation">What is seen now.</param>
    public void Learn(ReadOnlySpan<double> shares, ReadOnlySpan<double> rewards, double[] observation)
    {
        var ahead = options.Discount * Look(observation, now.Hidden, now.Cell).Value;
        var returns = new double[choices];
        for (var choice = 0; choice < choices; choice++)
        {
            returns[choice] = rewards[choice] + ahead;
        }

        optimizer.Step(places, Gradient(shares, returns), parameters);
        now = Look(observation, now.Hidden, now.Cell);
    }

    /// <summary>
    /// The gradient of -Σ q_j A_j log p_j - entropy · H(p) + ½ · ½ (Σ q_j R_j - V)², with shares q, chances p, returns R and advantages
    /// A_j = R_j - V, which are constants.
    /// </summary>
    /// <returns>One derivative for each of <see cref="Parameters"/>.</returns>
    public double[] Gradient(ReadOnlySpan<double> shares, ReadOnlySpan<double> returns)
    {
        var (pulled, mean, disorder) = (0.0, 0.0, 0.0); // Σ q A, Σ q R, H(p)
        for (var choice = 0; choice < choices; choice++)
        {
            mean += shares[choice] * returns[choice];
            pulled += shares[choice] * (returns[choice] - now.Value);
            disorder -= now.Chances[choice] * LogChance(choice);
        }

        var outputs = new double[choices + 1]; // derivatives by the logits and by V
        for (var choice = 0; choice < choices; choice++)
        {
            outputs[choice] =
                (now.Chances[choice] * pulled)
                - (shares[choice] * (returns[choice] - now.Value))
                + (options.Entropy * now.Chances[choice] * (LogChance(choice) + disorder));
        }

        outputs[choices] = CriticWeight * (now.Value - mean);
        return Backward(outputs);

        double LogChance(int choice) => now.Chances[choice] > 0 ? Math.Log(now.Chances[choice]) : 0;
    }

    /// <summary>Computes the chances anew from the same observation.</summary>
    public void LookAgain() => now = Look(now.Observation, now.LastHidden, now.LastCell);

    public void Save(StateDictionary state)
    {
        state.Set("parameters", parameters);
        state.Set("observation", now.Observation);
        state.Set("hidden", now.LastHidden);
        state.Set("cell", now.LastCell);
        optimizer.Save(state);
    }

    /// <exception cref="InvalidDataException">The state is of a network of another size.</exception>
    public void Load(StateDictionary state)
    {
        var loaded = state.Numbers("parameters");
        if (loaded.Length != parameters.Length)
        {
            throw new InvalidDataException(
                $"The file holds {loaded.Length} numbers of the schedule's network but {parameters.Length} are learned here: it belongs to another recipe."
            );
        }

        loaded.CopyTo(parameters, 0);
        optimizer.Load(state);
        now = Look(state.Numbers("observation"), state.Numbers("hidden"), state.Numbers("cell"));
    }

    private Moment Look(double[] observation, double[] lastHidden, double[] lastCell)
    {
        var width = options.Width;
        double[] seen = [.. observation, .. lastHidden, 1];
        var gates = new double[4 * width];
        for (var gate = 0; gate < gates.Length; gate++)
        {
            var sum = Vectors.Dot(parameters.AsSpan(gate * Row, Row), seen);
            gates[gate] = gate < 3 * width ? 1 / (1 + Math.Exp(-sum)) : Math.Tanh(sum);
        }

        var cell = new double[width];
        var hidden = new double[width];
        for (var unit = 0; unit < width; unit++)
        {
            cell[unit] = (gates[width + unit] * lastCell[unit]) + (gates[unit] * gates[(3 * width) + unit]);
            hidden[unit] = gates[(2 * width) + unit] * Math.Tanh(cell[unit]);
        }

        double[] felt = [.. hidden, 1];
        var outputs = new double[choices + 1];
        for (var output = 0; output <= choices; output++)
        {
            outputs[output] = Vectors.Dot(parameters.AsSpan(Heads + (output * (width + 1)), width + 1), felt);
        }

        var chances = new double[choices];
        Softmax.Of(outputs.AsSpan(0, choices), chances);
        return new Moment(observation, lastHidden, lastCell, gates, cell, hidden, chances, outputs[choices]);
    }

    /// <summary>From the derivatives by the outputs to those by all parameters, for the moment alone.</summary>
    private double[] Backward(double[] outputs)
    {
        var width = options.Width;
        var gradient = new double[parameters.Length];
        double[] seen = [.. now.Observation, .. now.LastHidden, 1];
        double[] felt = [.. now.Hidden, 1];
        var byHidden = new double[width + 1];
        for (var output = 0; output <= choices; output++)
        {
            var start = Heads + (output * (width + 1));
            Vectors.AddScaled(gradient.AsSpan(start, width + 1), outputs[output], felt);
            Vectors.AddScaled(byHidden, outputs[output], parameters.AsSpan(start, width + 1));
        }

        for (var unit = 0; unit < width; unit++)
        {
            var (input, forget) = (now.Gates[unit], now.Gates[width + unit]);
            var (open, candidate) = (now.Gates[(2 * width) + unit], now.Gates[(3 * width) + unit]);
            var bent = Math.Tanh(now.Cell[unit]);
            var byCell = byHidden[unit] * open * (1 - (bent * bent));
            Add(unit, byCell * candidate * input * (1 - input));
            Add(width + unit, byCell * now.LastCell[unit] * forget * (1 - forget));
            Add((2 * width) + unit, byHidden[unit] * bent * open * (1 - open));
            Add((3 * width) + unit, byCell * input * (1 - (candidate * candidate)));
        }

        return gradient;

        void Add(int gate, double slope) => Vectors.AddScaled(gradient.AsSpan(gate * Row, Row), slope, seen);
    }

    /// <summary>What was seen, with what was remembered, and what came of it.</summary>
    private sealed record Moment(
        double[] Observation,
        double[] LastHidden,
        double[] LastCell,
        double[] Gates,
        double[] Cell,
        double[] Hidden,
        double[] Chances,
        double Value
    );
}
