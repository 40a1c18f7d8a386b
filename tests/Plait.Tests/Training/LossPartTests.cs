using Plait.Data;
using Plait.Networks;
using Plait.Optimization.GradientModulation;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Training;
using TorchSharp.Modules;

namespace Plait.Tests.Training;

/// <summary>What a task learns from beside its answer: further answers, and penalties of how it came about.</summary>
[Collection("torch")]
public sealed class LossPartTests
{
    private const double Rate = 0.1;

    /// <summary>Each answer is one number and its loss a squared error, so that one step of descent is known.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_task_learns_its_further_answers_and_its_penalty_as_well_as_its_answer(bool looksInside)
    {
        using var scope = torch.NewDisposeScope();
        var tasks = new TaskSet(LearningTask.Regression("a"), LearningTask.Regression("b"));
        var targets = new[] { TaskTarget.Of(torch.full([4], 2f)), TaskTarget.Of(torch.full([4], -1f)) };
        using var data = TensorData.Shared(tasks, torch.zeros(4, 1), targets);
        using var network = new Constants(tasks);
        var recipe = new Recipe
        {
            Aggregator = looksInside ? new PCGrad() : new Sum(),
            Optimizer = new SgdOptimizer(Rate),
            Epochs = 1,
            GradientRecordInterval = 0,
        };

        var result = new Trainer(network, recipe).Fit(data.Batches(4));

        // d (value - 2)² = -4, of each of the answers from 0; d 3 value = 3, of the penalty's; the other task has its answer alone.
        Assert.Equal([0.4f, 0.4f, 0.4f, -0.3f], network.ParametersOf(0).Select(one => one.item<float>()), Close);
        Assert.Equal([-0.2f, 0, 0, 0], network.ParametersOf(1).Select(one => one.item<float>()), Close);
        Assert.Equal([12.0, 1], result.History[0].TrainingLosses, (a, b) => Math.Abs(a - b) < 1e-5);
    }

    /// <summary>Single precision of numbers below 1.</summary>
    private static bool Close(float expected, float actual) => Math.Abs(expected - actual) < 1e-6;

    /// <summary>Answers that are parameters, of which the first task gives three, and a penalty.</summary>
    private sealed class Constants : MultiTaskNetwork
    {
        private readonly Parameter shared; // an architecture has one, which answers nothing here
        private readonly Parameter[][] values; // of each task: answer, two further ones, what is penalised

        public Constants(TaskSet tasks)
            : base(tasks, nameof(Constants))
        {
            values = [.. tasks.Select((_, task) => Enumerable.Range(0, 4).Select(i => Make(task, i)).ToArray())];
            shared = new Parameter(torch.zeros(1));
            register_parameter("shared", shared);
        }

        public override IEnumerable<Parameter> SharedParameters => [shared];

        public override IEnumerable<Parameter> ParametersOf(int task) => values[task];

        protected override void Forward(BatchInput input, TaskSelection tasks, TaskOutputs outputs)
        {
            foreach (var task in tasks.Indices)
            {
                outputs[task] = Answer(input, values[task][0].add(shared.mul(0)));
            }

            if (tasks.Contains(0))
            {
                outputs.AddAuxiliary(0, Answer(input, values[0][1]));
                outputs.AddAuxiliary(0, Answer(input, values[0][2]));
                outputs.AddPenalty(0, values[0][3].mul(3).sum());
            }
        }

        private static Tensor Answer(BatchInput input, Tensor value) => input.Values.mul(0).add(value);

        private Parameter Make(int task, int place)
        {
            var made = new Parameter(torch.zeros(1));
            register_parameter($"value{task}{place}", made);
            return made;
        }
    }
}
