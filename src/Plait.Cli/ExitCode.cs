namespace Plait.Cli;

/// <summary>What the program tells its caller; the help text lists them.</summary>
internal static class ExitCode
{
    public const int Success = 0;
    public const int Failure = 1;
    public const int Usage = 2;
    public const int Interrupted = 130;

    public const string Description =
        "Exit codes: 0 done; 1 failed (data, disk, training); 2 wrong options; 130 interrupted.";
}
