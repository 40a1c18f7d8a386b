using System.Diagnostics;

namespace Plait.Testing;

/// <summary>A pipe with a name, which waits for somebody at its other end.</summary>
internal static class Pipe
{
    public static void Make(string path)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "pipes in folders are a matter of Linux");
        using var process = Process.Start("mkfifo", [path]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
