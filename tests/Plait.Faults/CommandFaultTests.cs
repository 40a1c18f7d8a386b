using Plait.Faults.Commands;

namespace Plait.Faults;

/// <summary>What happens to `plait train` when it is killed or stopped, when the disk is full, and when a checkpoint is damaged.</summary>
[Collection("torch")]
public sealed class CommandFaultTests
{
    private static readonly string[] Short = ["--patience", "0", "--epochs", "80", "--batch-size", "16"];

    public CommandFaultTests() =>
        Assert.SkipUnless(
            OperatingSystem.IsLinux(),
            "It needs signals, limits and the traces of processes as Linux has them."
        );

    [Fact]
    public void A_killed_command_goes_on_to_the_same_model()
    {
        var record = KilledTable.Run("plait train", kills: 2, new Random(2), rows: 200, Short);
        AssertNone(record.Faults);
        Assert.InRange(record.Equal, 1, int.MaxValue);
    }

    [Theory]
    [InlineData(StopPhase.Reading, "INT")]
    public void A_signal_stops_a_command_in_order(StopPhase phase, string signal) =>
        AssertNone(StoppedTable.Run(phase, signal));

    [Fact]
    public void A_full_disk_is_one_line_and_loses_nothing()
    {
        Assert.SkipUnless(FullDisk.CanMount(), "This system lets users mount no disk of their own.");
        AssertNone(FullDisk.OnDiskOf(400));
    }

    [Fact]
    public void A_damaged_checkpoint_is_left_for_the_one_before_it() =>
        AssertNone(DamagedCheckpoint.Run(new Random(3), truncate: false));

    private static void AssertNone(IReadOnlyList<string> faults) =>
        Assert.True(faults.Count == 0, string.Join('\n', faults));
}
