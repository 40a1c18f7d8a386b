using System.Diagnostics;

namespace Plait.Faults.Processes;

/// <summary>A process that was started to be killed, or to end.</summary>
internal sealed class Child : IDisposable
{
    /// <summary>How long a process may be at work before something is wrong with it.</summary>
    private static readonly TimeSpan Stuck = TimeSpan.FromMinutes(3);

    private const int KilledCode = 128 + 9; // what .NET makes of SIGKILL

    private readonly Process process;
    private readonly Task<string> error;
    private readonly Task<string> output;
    private readonly long started = Stopwatch.GetTimestamp();
    private readonly List<(string Line, TimeSpan At)> lines = [];

    private Child(Process process)
    {
        this.process = process;
        error = process.StandardError.ReadToEndAsync();
        output = Task.Run(ReadLines);
    }

    public int Id => process.Id;

    public bool HasEnded => process.HasExited;

    /// <summary>What it has written to its standard output, and when.</summary>
    public IReadOnlyList<(string Line, TimeSpan At)> Lines
    {
        get
        {
            lock (lines)
            {
                return [.. lines];
            }
        }
    }

    /// <summary>Starts one of the programs beside this one.</summary>
    /// <param name="program">The name of its assembly.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="through">What starts it, such as a shell that sets a limit; empty for nothing.</param>
    public static Child Start(string program, IEnumerable<string> arguments, params string[] through)
    {
        var host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        return StartTool([.. through, host, Path.Combine(AppContext.BaseDirectory, $"{program}.dll"), .. arguments]);
    }

    /// <summary>Starts any program.</summary>
    public static Child StartTool(params string[] line)
    {
        var start = new ProcessStartInfo(line[0], line[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["OMP_NUM_THREADS"] = "1";
        start.Environment["DOTNET_GCgen0size"] = "0x8000000"; // few collections: decision 0012
        start.Environment["DOTNET_TieredPGO"] = "0"; // a short process has no use for it
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0"; // its double mapping is a file that a limit on files refuses
        return new Child(Process.Start(start)!);
    }

    /// <summary>Waits for its end, for some time.</summary>
    /// <returns>Whether it has ended.</returns>
    public bool EndsWithin(TimeSpan time) => process.WaitForExit(time);

    /// <summary>Waits for its end.</summary>
    public Ending Wait()
    {
        if (!process.WaitForExit(Stuck))
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            throw new TimeoutException($"A process was still at work after {Stuck}; its errors: {error.Result}");
        }

        var took = Stopwatch.GetElapsedTime(started);
        return new Ending(process.ExitCode, output.Result, error.Result, took);
    }

    /// <summary>Ends it with SIGKILL, which no program sees coming.</summary>
    /// <param name="tree">Whether those that it has started die with it.</param>
    /// <returns>Whether it was still alive.</returns>
    public bool Kill(bool tree = false)
    {
        process.Kill(tree); // does nothing to one that has ended
        process.WaitForExit();
        return process.ExitCode == KilledCode;
    }

    /// <summary>Sends it a signal, such as TERM.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{process.Id}"]);
        kill.WaitForExit();
    }

    /// <summary>The processes that it has started, as Linux tells them.</summary>
    public IReadOnlyList<int> Children() =>
        [
            .. Traces("task")
                .SelectMany(thread =>
                    Text(Path.Combine(thread, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries)
                )
                .Select(id => int.Parse(id, null)),
        ];

    /// <summary>Whether it has a file open, as Linux tells it.</summary>
    public bool HasOpen(string file) => Traces("fd").Any(open => Target(open) == file);

    public void Dispose()
    {
        process.Kill(entireProcessTree: true);
        process.WaitForExit();
        process.Dispose();
    }

    private string[] Traces(string kind)
    {
        try
        {
            return Directory.GetFileSystemEntries($"/proc/{process.Id}/{kind}");
        }
        catch (IOException)
        {
            return []; // it has ended
        }
    }

    private static string? Target(string link)
    {
        try
        {
            return File.ResolveLinkTarget(link, returnFinalTarget: false)?.FullName;
        }
        catch (IOException)
        {
            return null; // it is closed again
        }
    }

    private static string Text(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            return ""; // its thread has ended
        }
    }

    private string ReadLines()
    {
        var all = new System.Text.StringBuilder();
        while (process.StandardOutput.ReadLine() is { } line)
        {
            all.Append(line).Append('\n');
            lock (lines)
            {
                lines.Add((line, Stopwatch.GetElapsedTime(started)));
            }
        }

        return all.ToString();
    }
}

/// <summary>What a process left.</summary>
/// <param name="Code">Its exit code.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Error">Its error stream.</param>
/// <param name="Took">From its start to its end.</param>
internal sealed record Ending(int Code, string Output, string Error, TimeSpan Took)
{
    /// <summary>The lines of the error stream.</summary>
    public string[] Errors => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Fails unless all went well.</summary>
    public Ending Succeeds()
    {
        Assert.True(Code == 0, $"exit code {Code}: {Error}");
        return this;
    }

    /// <summary>What is wrong with a failure: not the code, or not one line for people; null where nothing is.</summary>
    public string? FaultOfFailure(int code) =>
        Code != code ? $"exit code {Code} where {code} was expected: {Error}"
        : Errors is not [var line] ? $"{Errors.Length} lines where one was expected: {Error}"
        : !line.StartsWith("plait: ", StringComparison.Ordinal) ? $"no message of the program: {Error}"
        : null;
}
