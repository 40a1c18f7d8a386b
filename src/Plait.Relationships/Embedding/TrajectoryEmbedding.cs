using Plait.Data;
using Plait.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Relationships.Embedding;

/// <summary>Embeds a task from the agent's best episodes in it, and acts by one policy for all tasks that reads the embedding.</summary>
/// <remarks>
/// <para>Lan et al. 2019, <i>Meta Reinforcement Learning with Task Embedding and Shared Policy</i> (TESP), algorithm 1. The encoder
/// alone is updated in a new task, by a step of the policy gradient with a learned rate for each parameter (Meta-SGD), and learned so that
/// one such step helps: its derivative is taken through the step. The policy is never updated in a new task. A squared length of the
/// embeddings in the objective keeps them near one another, and so the policy near what it knows.</para>
/// <para>Here the policy gradient is plain (Williams 1992) with rewards still to come, less their mean over a task's episodes, where the paper
/// takes PPO with a value function for the outer step. Before there is an embedding the agent acts with one of zeros; those episodes are
/// not part of the objective but for their entropy: an agent that is to do well before it knows the task learns the one answer that is
/// best on the average, no longer looks around, and has nothing to embed.</para>
/// </remarks>
public sealed partial class TrajectoryEmbedding : Module
{
    private const double LargestGradient = 1; // a policy that one unlucky step has made certain of itself no longer learns

    private readonly TrajectoryEncoder encoder;
    private readonly Sequential policy;
    private readonly Parameter rates;
    private readonly long observations;
    private readonly long actions;
    private readonly long width;
    private readonly long hidden;
    private readonly int updates;
    private readonly int buffer;
    private readonly double penalty;
    private readonly double entropy;

    /// <summary>Builds encoder and policy.</summary>
    /// <param name="observations">Numbers seen at a step.</param>
    /// <param name="actions">How many actions there are to choose from.</param>
    /// <param name="embedding">The width of embeddings; the authors' 8.</param>
    /// <param name="hidden">The width of the recurrent unit, and of the policy's two layers.</param>
    /// <param name="updates">Fast updates in a task, 1 or more.</param>
    /// <param name="buffer">How many of its best episodes a task is embedded from; 1 or more.</param>
    /// <param name="rate">The rate of the fast updates at the start; above 0.</param>
    /// <param name="penalty">Of the squared length of embeddings; 0 or more.</param>
    /// <param name="entropy">What an agent gains by being uncertain of what to do, in the outer step alone; 0 or more.</param>
    public TrajectoryEmbedding(
        long observations,
        long actions,
        long embedding = 8,
        long hidden = 32,
        int updates = 1,
        int buffer = 8,
        double rate = 0.1,
        double penalty = 0.01,
        double entropy = 0.05
    )
        : base(nameof(TrajectoryEmbedding))
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(observations);
        ArgumentOutOfRangeException.ThrowIfLessThan(actions, 2);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(embedding);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(hidden);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(updates);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(buffer);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rate);
        ArgumentOutOfRangeException.ThrowIfNegative(penalty);
        ArgumentOutOfRangeException.ThrowIfNegative(entropy);
        (this.observations, this.actions, width, this.hidden) = (observations, actions, embedding, hidden);
        (this.updates, this.buffer) = (updates, buffer);
        (this.penalty, this.entropy) = (penalty, entropy);
        encoder = new TrajectoryEncoder(observations + actions + 1, hidden, embedding);
        policy = Sequential(
            Linear(observations + embedding, hidden),
            Tanh(),
            Linear(hidden, hidden),
            Tanh(),
            Linear(hidden, actions)
        );
        rates = (Parameter)Parameter(torch.full(encoder.Start.shape, rate)).DetachFromDisposeScope();
        RegisterComponents();
    }

    /// <summary>Learns encoder, rates and policy by one step over some tasks.</summary>
    /// <param name="tasks">Those of this step.</param>
    /// <param name="optimizer">Over the parameters of this module.</param>
    /// <returns>The mean returns: without an embedding, with the first one, and after each update.</returns>
    /// <exception cref="ArithmeticException">The loss is not finite; the parameters are as they were.</exception>
    public IReadOnlyList<double> Learn(IEpisodicTasks tasks, torch.optim.Optimizer optimizer)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        ArgumentNullException.ThrowIfNull(optimizer);
        using var scope = torch.NewDisposeScope();
        var (loss, adaptation) = Run(tasks);
        var value = loss.to(ScalarType.Float64).item<double>();
        if (!double.IsFinite(value))
        {
            throw new ArithmeticException(
                $"The loss is {value}; lower the learning rate, or look for rewards and observations that are not finite."
            );
        }

        optimizer.zero_grad();
        loss.backward();
        utils.clip_grad_norm_(parameters(), LargestGradient);
        optimizer.step();
        return adaptation.Returns;
    }

    /// <summary>Acts in tasks, updating the encoder for each; what was learned stays as it is.</summary>
    /// <param name="tasks">They may be new.</param>
    public Adaptation Adapt(IEpisodicTasks tasks)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        using var scope = torch.NewDisposeScope();
        var (_, adaptation) = Run(tasks);
        return adaptation with { Embeddings = adaptation.Embeddings.detach().MoveToOuterDisposeScope() };
    }

    /// <summary>The rounds of algorithm 1, and the objective to be minimised.</summary>
    private (Tensor Loss, Adaptation Adaptation) Run(IEpisodicTasks tasks)
    {
        var parameters = encoder.Start.unsqueeze(0).expand(tasks.Tasks, -1);
        var embedding = torch.zeros([tasks.Tasks, width], rates.dtype, rates.device);
        var episodes = Sample(tasks, embedding);
        var best = episodes.Best(null, buffer);
        var losses = new List<Tensor> { Surrogate(episodes, embedding).Entropy * -entropy };
        var returns = new List<double> { MeanReturn(episodes) };
        for (var round = 0; round <= updates; round++)
        {
            embedding = encoder.Embed(parameters, Features(best));
            episodes = Sample(tasks, embedding);
            var (each, doubt) = Surrogate(episodes, embedding);
            losses.Add(each.mean() - (doubt * entropy) + (embedding.square().sum(dim: 1L).mean() * penalty));
            returns.Add(MeanReturn(episodes));
            if (round < updates)
            {
                parameters = parameters - (Derivatives.Of(each.sum(), parameters) * rates);
                best = episodes.Best(best, buffer);
            }
        }

        return (torch.stack(losses).mean(), new Adaptation(embedding, returns));
    }

    /// <summary>
    /// What each task loses by its episodes' actions, [tasks], whose slope is the policy gradient with the sign turned round; and the mean
    /// entropy of the choices.
    /// </summary>
    private (Tensor Each, Tensor Entropy) Surrogate(Trajectories episodes, Tensor embedding)
    {
        var coming = episodes.Rewards.flip(2).cumsum(2).flip(2); // rewards from each step on
        var advantage = coming - coming.mean([1], keepdim: true);
        var spread = advantage.square().mean([1, 2], keepdim: true).sqrt();
        advantage = torch.where(spread > 0, advantage / spread, torch.zeros_like(advantage));
        var chances = functional.log_softmax(Logits(episodes.Observations, embedding), -1);
        var taken = chances.gather(3, episodes.Actions.unsqueeze(3)).squeeze(3);
        return (taken.mul(advantage).mean([1, 2]).neg(), chances.exp().mul(chances).sum(dim: 3L).mean().neg());
    }

    private Trajectories Sample(IEpisodicTasks tasks, Tensor embedding)
    {
        using var noGrad = torch.no_grad();
        var (seen, done, earned) = (new List<Tensor>(), new List<Tensor>(), new List<Tensor>());
        var now = tasks.Reset();
        for (var step = 0; step < tasks.Steps; step++)
        {
            var logits = Logits(now.unsqueeze(2), embedding).squeeze(2);
            var action = torch.multinomial(logits.softmax(-1).flatten(0, 1), 1).view(tasks.Tasks, tasks.Episodes);
            var (next, reward) = tasks.Step(action);
            seen.Add(now);
            done.Add(action);
            earned.Add(reward);
            now = next;
        }

        return new Trajectories(torch.stack(seen, 2), torch.stack(done, 2), torch.stack(earned, 2));
    }

    /// <summary>The policy's logits, [tasks, episodes, steps, actions].</summary>
    private Tensor Logits(Tensor observations, Tensor embedding)
    {
        var (tasks, episodes, steps) = (observations.size(0), observations.size(1), observations.size(2));
        var told = embedding.unsqueeze(1).unsqueeze(1).expand(tasks, episodes, steps, width);
        return policy.call(torch.cat([observations, told], 3));
    }

    /// <summary>What the encoder reads at each step: what was seen, what was done and what it brought.</summary>
    private Tensor Features(Trajectories episodes) =>
        torch.cat(
            [
                episodes.Observations,
                functional.one_hot(episodes.Actions, actions).to(episodes.Observations.dtype),
                episodes.Rewards.unsqueeze(3),
            ],
            3
        );

    private static double MeanReturn(Trajectories episodes) =>
        episodes.Returns().mean().to(ScalarType.Float64).item<double>();
}
