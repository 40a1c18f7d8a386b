using Plait.Tabular.Models;

namespace Plait.Cli.Tests.Commands;

[Collection("torch")]
public sealed class TrainTeachersTests : IDisposable
{
    private readonly Workplace workplace = new();

    [Fact]
    public async Task A_student_learns_from_saved_models_and_a_folder_that_is_none_is_named()
    {
        var table = workplace.Write("houses.csv", Workplace.Houses(200));
        (await workplace.TrainAsync(table, "teacher", "--ignore", "id")).Succeeds();
        (await workplace.TrainAsync(table, "another", "--ignore", "id", "--seed", "1")).Succeeds();
        string[] taught = ["--ignore", "id", "--distill", "soft-targets:tau=4", "--distill", "feature-distillation"];

        var learned = await workplace.TrainAsync(
            table,
            "student",
            [.. taught, "--teachers", workplace.File("teacher"), "--teachers", workplace.File("another")]
        );
        var twice = await workplace.TrainAsync(
            table,
            "other",
            [.. taught, "--teachers", workplace.File("teacher"), "--teachers", workplace.File("teacher") + "/"]
        );
        var missing = await workplace.TrainAsync(table, "other", [.. taught, "--teachers", workplace.File("nobody")]);
        var idle = await workplace.TrainAsync(table, "other", "--teachers", workplace.File("teacher"));
        var mistyped = await workplace.TrainAsync(
            table,
            "other",
            "--distill",
            "soft-target",
            "--teachers",
            workplace.File("teacher")
        );

        Assert.Equal("", learned.Succeeds().Error);
        twice.FailsWith(ExitCode.Usage, "teacher: this teacher is named twice");
        using var student = TabularModel.Load(workplace.File("student"));
        Assert.Equal(["soft-targets:tau=4", "feature-distillation"], student.Run.Auxiliaries);
        missing.FailsWith(ExitCode.Failure, workplace.File("nobody"), "there is no such folder");
        idle.FailsWith(ExitCode.Usage, "--distill and --teachers go together");
        mistyped.FailsWith(ExitCode.Usage, "did you mean 'soft-targets'");
    }

    [Fact]
    public async Task A_target_that_no_teacher_teaches_is_said_to_learn_alone()
    {
        var table = workplace.Write("houses.csv", Workplace.Houses(100));
        string[] few = ["train", table, "-t", "price", "--epochs", "1", "--store", workplace.Store];
        string[] rest = ["--ignore", "id", "--ignore", "sold", "--ignore", "energy", "-o", workplace.File("teacher")];
        (await workplace.RunAsync([.. few, .. rest])).Succeeds();

        var learned = await workplace.TrainAsync(
            table,
            "student",
            "--ignore",
            "id",
            "--distill",
            "soft-targets",
            "--teachers",
            workplace.File("teacher")
        );

        Assert.Equal(
            [
                "plait: No teacher teaches 'sold', which learns from its labels alone.",
                "plait: No teacher teaches 'energy', which learns from its labels alone.",
            ],
            learned.Succeeds().Errors
        );
    }

    public void Dispose() => workplace.Dispose();
}
