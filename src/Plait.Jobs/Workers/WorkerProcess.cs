using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Plait.Catalogue;

namespace Plait.Jobs.Workers;

/// <summary>A program that was started as a worker.</summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    private const int KilledBySystem = 137; // 128 + SIGKILL

    /// <summary>Stands in the environment of a worker, so that it starts none itself.</summary>
    public const string Mark = "PLAIT_WORKER";

    private readonly Process process;
    private readonly Task<string> errors;
    private readonly Lock writing = new();

    private WorkerProcess(Process process)
    {
        this.process = process;
        errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Starts it.</summary>
    /// <param name="program">What to start.</param>
    /// <param name="processes">How many such processes share the machine's memory.</param>
    /// <exception cref="InvalidOperationException">It could not be started.</exception>
    public static WorkerProcess Start(WorkerProgram program, int processes)
    {
        string[] arguments =
        [
            .. program.Arguments,
            WorkerProgram.ProcessesOption,
            processes.ToString(CultureInfo.InvariantCulture),
            .. Plugins.Loaded.SelectMany(plugin => new[] { WorkerProgram.PluginOption, plugin }),
        ];
        var start = new ProcessStartInfo(program.File, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[Mark] = "1";
        start.Environment["OMP_NUM_THREADS"] = "1";
        start.Environment["DOTNET_GCgen0size"] = "0x8000000"; // few collections: decision 0012
        try
        {
            return new WorkerProcess(Process.Start(start)!); // null only where the shell starts it
        }
        catch (Win32Exception failure)
        {
            throw new InvalidOperationException($"A worker process could not be started: {failure.Message}", failure);
        }
    }

    /// <summary>Runs one request to its last message.</summary>
    /// <returns>Why the process ended before that, in one line; null where it did not.</returns>
    /// <exception cref="OperationCanceledException">It was told to.</exception>
    public async Task<string?> RunAsync(WorkerRequest request, Action<WorkerMessage> heard, CancellationToken cancel)
    {
        try
        {
            lock (writing)
            {
                process.StandardInput.WriteLine(WorkerLines.Write(request));
                process.StandardInput.Flush();
            }
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException)
        {
            // It has ended, or was told to; its output says which.
        }

        await foreach (
            var message in WorkerLines.ReadAllAsync<WorkerMessage>(process.StandardOutput, "a worker's answer")
        )
        {
            heard(message);
            if (message.Result is not null || message.Failure is not null)
            {
                return null;
            }
        }

        cancel.ThrowIfCancellationRequested();
        var said = LastLine(await errors);
        await process.WaitForExitAsync(CancellationToken.None);
        return process.ExitCode == KilledBySystem && said is null
            ? "Its worker process was killed, for want of memory perhaps; take fewer of them (--workers), or a smaller network."
            : $"Its worker process ended before its work with exit code {process.ExitCode}: {said?.TrimEnd('.') ?? "it said nothing"}.";
    }

    /// <summary>Ends the input, which makes the worker write a checkpoint and end.</summary>
    public void Stop()
    {
        try
        {
            lock (writing)
            {
                process.StandardInput.Close();
            }
        }
        catch (IOException)
        {
            // It has ended already.
        }
    }

    public async ValueTask DisposeAsync()
    {
        Stop();
        while (await process.StandardOutput.ReadLineAsync() is not null)
        {
            // What nobody hears any more must not fill the pipe, or the worker would wait for ever.
        }

        await process.WaitForExitAsync();
        process.Dispose();
    }

    /// <summary>The last line that says what happened, and not where in the program.</summary>
    private static string? LastLine(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .LastOrDefault(line => !line.StartsWith("   at ", StringComparison.Ordinal))
            ?.Trim();
}
