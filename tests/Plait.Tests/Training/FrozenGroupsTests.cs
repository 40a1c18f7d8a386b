using Plait.Data;
using Plait.Networks;
using Plait.Tasks;
using Plait.Training;
using TorchSharp.Modules;

namespace Plait.Tests.Training;

[Collection("torch")]
public sealed class FrozenGroupsTests
{
    [Fact]
    public void A_group_of_one_parameter_stands_still_too_until_the_end()
    {
        using var network = new OneEach();
        var recipe = new Recipe { Groups = [new GroupSetting("heads.sign") { Frozen = true }] };

        using (new FrozenGroups(recipe, network))
        {
            Assert.Equal([true, false, true], Learns());
        }

        Assert.Equal([true, true, true], Learns());

        bool[] Learns() =>
            [.. Enumerable.Range(0, 3).Select(task => network.ParametersOf(task).Single().requires_grad)];
    }

    /// <summary>Each task has one number.</summary>
    private sealed class OneEach : MultiTaskNetwork
    {
        private readonly ParameterList own = new([.. SmallRuns.Tasks.Select(_ => new Parameter(torch.zeros(1)))]);

        public OneEach()
            : base(SmallRuns.Tasks, nameof(OneEach)) => RegisterComponents();

        public override IEnumerable<Parameter> SharedParameters => [];

        public override IEnumerable<Parameter> ParametersOf(int task) => [own[task]];

        protected override void Forward(BatchInput input, TaskSelection tasks, TaskOutputs outputs) =>
            throw new NotSupportedException("Nobody asks it.");
    }
}
