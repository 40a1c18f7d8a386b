using Plait.Optimization.Distillation;
using Plait.Optimization.GradientModulation;
using Plait.Training;

namespace Plait.Tests.Training;

[Collection("torch")]
public sealed class RunSpecificationTests
{
    [Fact]
    public void Auxiliaries_and_teachers_survive_json_and_become_parts_of_the_recipe()
    {
        var run = new RunSpecification
        {
            Auxiliaries = ["teacher-annealing", "feature-distillation:weight=0.5"],
            Teachers = ["/models/a", "/models/b"],
        };

        var read = RunSpecification.FromJson(run.ToJson());
        using var teachers = Teachers.Of(SmallRuns.Network());

        Assert.Equal(run.Auxiliaries, read.Auxiliaries);
        Assert.Equal(run.Teachers, read.Teachers);
        Assert.Collection(
            read.CreateRecipe(teachers).Auxiliaries,
            first => Assert.IsType<TeacherAnnealing>(first),
            second => Assert.IsType<FeatureDistillation>(second)
        );
    }

    [Fact]
    public void An_auxiliary_loss_that_learns_from_nobody_needs_no_teachers()
    {
        var run = new RunSpecification { Auxiliaries = ["adversarial-gradients"] };

        Assert.IsType<AdversarialGradients>(Assert.Single(run.CreateRecipe().Auxiliaries));
    }

    [Fact]
    public void Learning_without_teachers_and_teachers_without_pupils_are_refused()
    {
        using var teachers = Teachers.Of(SmallRuns.Network());
        var without = new RunSpecification { Auxiliaries = ["soft-targets:tau=3"] };
        var idle = new RunSpecification { Teachers = ["/models/a"] };

        Assert.Equal(
            "'soft-targets:tau=3' learns from teachers, and none are given; name trained models with --teachers.",
            Assert.Throws<FormatException>(() => without.CreateRecipe()).Message
        );
        Assert.Contains(
            "add one of feature-distillation, mt-dnn-kd, soft-targets, teacher-annealing.",
            Assert.Throws<FormatException>(() => idle.CreateRecipe(teachers)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "did you mean 'soft-targets'",
            Assert
                .Throws<FormatException>(() =>
                    new RunSpecification { Auxiliaries = ["soft-target"] }.CreateRecipe(teachers)
                )
                .Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_saved_network_is_loaded_without_touching_random_numbers()
    {
        var run = new RunSpecification { Encoder = "mlp:widths=5", Seed = 3 };
        using var network = run.CreateNetwork(SmallRuns.Tasks, [SmallRuns.Inputs]);
        using (torch.no_grad())
        {
            network.parameters().First().add_(1);
        }

        var path = Path.GetTempFileName();
        NetworkState.Save(network, path);
        torch.manual_seed(1);
        using var expected = torch.rand(4);

        torch.manual_seed(1);
        using var loaded = run.LoadNetwork(SmallRuns.Tasks, [SmallRuns.Inputs], path);
        using var drawn = torch.rand(4);
        File.Delete(path);

        Assert.Equal(SmallRuns.Bits(network), SmallRuns.Bits(loaded));
        Assert.Equal(Plait.Torch.Numbers.Read(expected), Plait.Torch.Numbers.Read(drawn));
        Assert.Throws<FileNotFoundException>(() => run.LoadNetwork(SmallRuns.Tasks, [SmallRuns.Inputs], path));
    }
}
