using Plait.Data;
using Plait.Networks;
using Plait.Numerics;
using Plait.Optimization;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Tests.Optimization;
using Plait.Torch;
using TorchSharp.Modules;

namespace Plait.Tests.Training;

/// <summary>A policy for two bandits of two arms: how much likelier the second arm is, shared and of each bandit's own.</summary>
internal sealed class BanditPolicy : MultiTaskNetwork
{
    private readonly Parameter shared = new(torch.zeros(1));
    private readonly ParameterList own = [.. Bandits.Tasks.Select(_ => new Parameter(torch.zeros(1)))];

    public BanditPolicy()
        : base(Bandits.Tasks, nameof(BanditPolicy)) => RegisterComponents();

    public override IEnumerable<Parameter> SharedParameters => [shared];

    public override IEnumerable<Parameter> ParametersOf(int task) => [own[task]];

    /// <summary>The log-odds of the second arm.</summary>
    public Tensor Second(int task) => shared.add(own[task]);

    protected override void Forward(BatchInput input, TaskSelection tasks, TaskOutputs outputs) =>
        throw new NotSupportedException("A policy reads no batch.");
}

/// <summary>Plays two bandits by a policy: each step's losses are those of the policy gradient on what was played for it.</summary>
/// <remarks>Williams 1992, REINFORCE, with the mean of past rewards as baseline. What it remembers is how often it played, and those means.</remarks>
/// <param name="policy">Whose arms are pulled.</param>
/// <param name="seed">Of all chance.</param>
internal sealed class Bandits(BanditPolicy policy, long seed) : IObjectiveSource
{
    private const int Pulls = 32;

    private static readonly double[] PayOfSecond = [0.8, 0.2]; // and the first arm pays one less this
    private readonly double[] means = [0.5, 0.5];
    private long plays;

    public static TaskSet Tasks { get; } = new(LearningTask.Regression("second"), LearningTask.Regression("first"));

    public DataSizes Sizes => new(Tasks, [Pulls, Pulls], [10, 10]);

    public bool SharesRows => false;

    public int Begin(ObjectiveRequest request)
    {
        if (request.AccumulatedBatches > 1)
        {
            throw new NotSupportedException("Bandits are played once a step: accumulate no batches.");
        }

        plays = 0;
        Array.Fill(means, 0.5);
        return request.Draws;
    }

    public IObjective? Next(TaskSelection tasks, StepContext step)
    {
        var rollouts = tasks.Indices.ToArray().Select(Play).ToArray();
        return new FunctionObjective(tasks, () => new TaskLosses(tasks, rollouts.Select(rollout => rollout())));
    }

    public void Save(StateDictionary state)
    {
        state.Set("plays", [plays]);
        state.Set("means", means);
    }

    public void Load(StateDictionary state)
    {
        plays = state.Integers("plays")[0];
        state.Numbers("means").CopyTo(means, 0);
    }

    private Func<Tensor> Play(int task)
    {
        var random = Seeds.Generator(seed, plays++);
        var chance = policy.Second(task).sigmoid().item<float>();
        var signs = new float[Pulls]; // 1 for the second arm
        var advantages = new float[Pulls];
        for (var i = 0; i < Pulls; i++)
        {
            var second = random.NextDouble() < chance;
            var reward = random.NextDouble() < (second ? PayOfSecond[task] : 1 - PayOfSecond[task]) ? 1 : 0;
            signs[i] = second ? 1 : -1;
            advantages[i] = (float)(reward - means[task]);
        }

        means[task] += 0.1 * advantages.Average();
        var (arms, gains) = (torch.tensor(signs), torch.tensor(advantages));
        return () => policy.Second(task).mul(arms).sigmoid().log().mul(gains).mean().neg();
    }
}
