using Plait.Optimization.Scheduling;
using Plait.Torch;

namespace Plait.Tests.Optimization.Scheduling;

public sealed class ActorCriticTests
{
    private const int Choices = 2;

    [Fact]
    public void The_first_chances_are_even()
    {
        var learner = Learner();

        Assert.Equal([0.5, 0.5], learner.Chances);
        Assert.Equal(0, learner.Value);
    }

    [Fact]
    public void Forget_gates_begin_open()
    {
        const int Width = 4;
        const int Row = 3 + Width + 1; // of inputs, of units and the bias
        var parameters = Learner().Parameters.ToArray();

        var biases = Enumerable.Range(0, 4 * Width).Select(gate => parameters[((gate + 1) * Row) - 1]).ToArray();

        Assert.All(biases[Width..(2 * Width)], bias => Assert.Equal(1, bias));
        Assert.Equal(Width, parameters.Count(one => one == 1));
    }

    /// <summary>Two tasks, drawn as often as their chances say: the actor climbs the expected reward, whatever the critic says.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(0.3)]
    public void The_actor_s_gradient_is_that_of_the_expected_reward(double entropy)
    {
        var learner = Moved(Learner(entropy));
        double[] rewards = [0.9, 0.2];
        double[] shares = [.. learner.Chances];
        double[] centred = [rewards[0] + learner.Value - Mean(), rewards[1] + learner.Value - Mean()]; // the critic has nothing to learn

        var gradient = learner.Gradient(shares, centred);

        AssertIsDerivative(learner, gradient, () => -Mean() - (entropy * Entropy(learner)));

        double Mean() => (learner.Chances[0] * rewards[0]) + (learner.Chances[1] * rewards[1]);
    }

    [Fact]
    public void Draws_make_the_better_choice_likelier_and_the_critic_nearer_to_the_return()
    {
        var learner = Moved(Learner());
        double[] shares = [0.3, 0.7];
        double[] returns = [0.9, 0.2];
        double[] advantages = [.. returns.Select(one => one - learner.Value)];

        var gradient = learner.Gradient(shares, returns);

        AssertIsDerivative(
            learner,
            gradient,
            () =>
                -(shares[0] * advantages[0] * Math.Log(learner.Chances[0]))
                - (shares[1] * advantages[1] * Math.Log(learner.Chances[1]))
                + (0.25 * Math.Pow((0.3 * 0.9) + (0.7 * 0.2) - learner.Value, 2))
        );
    }

    [Fact]
    public void A_choice_that_brings_more_becomes_likelier()
    {
        var learner = Learner();
        for (var lesson = 0; lesson < 60; lesson++)
        {
            learner.Learn([.. learner.Chances], [0.2, 0.8], [0.1, -0.3, 0.5]);
        }

        Assert.InRange(learner.Chances[1], 0.9, 1);
    }

    /// <summary>With a reward that stays, the value is the sum of a geometric series.</summary>
    [Fact]
    public void The_critic_comes_to_expect_the_discounted_reward()
    {
        var learner = new ActorCritic(
            new(Width: 4, Discount: 0.5, 0.1, 0.01),
            [0.1, -0.3, 0.5],
            Choices,
            new Random(5)
        );
        for (var lesson = 0; lesson < 1_000; lesson++)
        {
            learner.Learn([.. learner.Chances], [0.6, 0.6], [0.1, -0.3, 0.5]);
        }

        Assert.Equal(0.6 / (1 - 0.5), learner.Value, 0.05);
    }

    [Fact]
    public void A_loaded_network_learns_on_in_the_same_bits()
    {
        var (saved, loaded) = (Learner(), new ActorCritic(Options(0), [0, 0, 0], Choices, new Random(8)));
        Teach(saved);
        var state = new StateDictionary();
        saved.Save(state);

        loaded.Load(state);
        Assert.Equal(saved.Chances, loaded.Chances);
        Teach(saved);
        Teach(loaded);

        Assert.Equal(saved.Parameters.ToArray(), loaded.Parameters.ToArray());
        Assert.Equal(saved.Chances, loaded.Chances);

        static void Teach(ActorCritic learner)
        {
            for (var lesson = 0; lesson < 5; lesson++)
            {
                learner.Learn([0.25, 0.75], [0.1 * lesson, 0.3], [0.2 * lesson, 0.4, -0.1]);
            }
        }
    }

    [Fact]
    public void A_state_of_another_size_is_refused()
    {
        var state = new StateDictionary();
        Learner().Save(state);
        var wider = new ActorCritic(Options(0) with { Width = 5 }, [0, 0, 0], Choices, new Random(8));

        var refused = Assert.Throws<InvalidDataException>(() => wider.Load(state));
        Assert.Contains("it belongs to another recipe", refused.Message, StringComparison.Ordinal);
    }

    private static ActorCriticOptions Options(double entropy) => new(Width: 4, Discount: 0.8, entropy, 0.05);

    private static ActorCritic Learner(double entropy = 0) =>
        new(Options(entropy), [0.1, -0.3, 0.5], Choices, new Random(5));

    /// <summary>Away from the even chances of the beginning, with something remembered.</summary>
    private static ActorCritic Moved(ActorCritic learner)
    {
        var random = new Random(6);
        learner.Learn([0.4, 0.6], [0.3, 0.5], [0.7, 0.2, -0.4]);
        for (var place = 0; place < learner.Parameters.Length; place++)
        {
            learner.Parameters[place] += random.NextDouble() - 0.5;
        }

        learner.LookAgain();
        return learner;
    }

    private static double Entropy(ActorCritic learner) => -learner.Chances.Sum(chance => chance * Math.Log(chance));

    private static void AssertIsDerivative(ActorCritic learner, double[] gradient, Func<double> loss)
    {
        const double Step = 1e-5;
        Assert.Equal(learner.Parameters.Length, gradient.Length);
        Assert.Contains(gradient, one => Math.Abs(one) > 0.01);
        for (var place = 0; place < gradient.Length; place++)
        {
            var slope = (At(place, Step) - At(place, -Step)) / (2 * Step);
            At(place, 0);
            Assert.Equal(slope, gradient[place], 1e-8);
        }

        double At(int place, double step)
        {
            var kept = learner.Parameters[place];
            learner.Parameters[place] = kept + step;
            learner.LookAgain();
            var value = loss();
            learner.Parameters[place] = kept;
            learner.LookAgain();
            return value;
        }
    }
}
