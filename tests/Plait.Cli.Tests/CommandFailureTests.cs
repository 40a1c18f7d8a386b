using System.Runtime.InteropServices;

namespace Plait.Cli.Tests;

[Collection("torch")]
public sealed class CommandFailureTests
{
    [Fact]
    public void Memory_that_libtorch_does_not_get_is_one_line_that_names_what_to_make_smaller()
    {
        // More than any address space holds: [2^56] of 4 bytes.
        var failure = Assert.ThrowsAny<ExternalException>(() => torch.empty(1L << 56));

        Assert.Equal(ExitCode.Failure, CommandFailure.CodeOf(failure));
        Assert.Equal(
            "There is not enough memory for 288230376151711744 bytes at once; take a smaller network (--encoder, --network) or smaller batches (--batch-size).",
            CommandFailure.MessageOf(failure)
        );
    }

    [Fact]
    public void What_else_libtorch_says_is_its_first_line_without_the_trace_below_it()
    {
        var failure = Assert.ThrowsAny<ExternalException>(() => torch.zeros(2, 3).mm(torch.zeros(2, 3)));

        Assert.Equal(ExitCode.Failure, CommandFailure.CodeOf(failure));
        Assert.StartsWith("mat1 and mat2", CommandFailure.MessageOf(failure), StringComparison.Ordinal);
        Assert.DoesNotContain('\n', CommandFailure.MessageOf(failure));
    }

    [Fact]
    public void A_file_without_permission_is_named_with_the_remedy() =>
        Assert.Equal(
            "/data/it's mine.csv: this may not be read or written; check its permissions.",
            CommandFailure.MessageOf(
                new UnauthorizedAccessException("Access to the path '/data/it's mine.csv' is denied.")
            )
        );

    [Fact]
    public void Fault_of_the_program_is_not_passed_off_as_one_of_its_user() =>
        Assert.Null(CommandFailure.CodeOf(new NullReferenceException()));
}
