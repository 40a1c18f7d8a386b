using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Plait.Cli.Commands;
using Plait.Cli.Hosting;

namespace Plait.Cli.Tests;

/// <summary>A folder with a run store, in which the program runs: inside this process, or as one of its own.</summary>
internal sealed class Workplace : IDisposable
{
    private static readonly Command Root = PlaitCommand.Create();

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("plait-cli-");
    private readonly List<Process> started = [];

    public string Path => folder.FullName;

    public string Store => File("store");

    public string File(string name) => System.IO.Path.Combine(folder.FullName, name);

    public string Write(string name, string text)
    {
        System.IO.File.WriteAllText(File(name), text);
        return File(name);
    }

    public async Task<Answer> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await CommandHost.RunAsync(Root, arguments, output, error);
        return new Answer(code, output.ToString(), error.ToString());
    }

    /// <summary>Starts the program in a process of its own, which is killed with the workplace if it still runs.</summary>
    public Process Start(params string[] arguments) => StartWith([], arguments);

    /// <summary>Starts the program with variables of its environment; see <see cref="Start"/>.</summary>
    public Process StartWith(Dictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            [System.IO.Path.Combine(AppContext.BaseDirectory, "Plait.Cli.dll"), .. arguments]
        )
        {
            WorkingDirectory = folder.FullName,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var program = Process.Start(start)!;
        started.Add(program);
        return program;
    }

    /// <summary>Runs the program in a process of its own to its end.</summary>
    public Answer Run(params string[] arguments)
    {
        var program = Start(arguments);
        var error = program.StandardError.ReadToEndAsync();
        var output = program.StandardOutput.ReadToEnd();
        program.WaitForExit();
        return new Answer(program.ExitCode, output, error.GetAwaiter().GetResult());
    }

    /// <summary>Trains on the houses for a few epochs.</summary>
    public Task<Answer> TrainAsync(string table, string model, params string[] more) =>
        RunAsync([
            "train",
            table,
            .. new[] { "-t", "price:regression", "-t", "sold:binary", "-t", "energy:classification" },
            .. new[] { "-o", File(model), "--store", Store, "--epochs", "3" },
            .. more,
        ]);

    public void Dispose()
    {
        foreach (var program in started)
        {
            program.Kill(); // does nothing to one that has ended
            program.WaitForExit();
            program.Dispose();
        }

        folder.Delete(recursive: true);
    }

    /// <summary>Made-up houses with three targets; of every tenth the price is missing.</summary>
    public static string Houses(int rows, int seed = 1)
    {
        var random = new Random(seed);
        string[] districts = ["harbour", "old town", "east"];
        var text = new StringBuilder("id,area,district,price,sold,energy\n");
        for (var row = 0; row < rows; row++)
        {
            var area = random.Next(30, 200);
            var district = random.Next(3);
            var price = (area * (4 - district)) + random.Next(-20, 20);
            text.Append(
                CultureInfo.InvariantCulture,
                $"h{row},{area},{districts[district]},{(row % 10 == 9 ? "" : price)},{(price > 300 ? "no" : "yes")},{(area > 140 ? "poor" : area > 80 ? "fair" : "good")}\n"
            );
        }

        return text.ToString();
    }
}

/// <summary>What the program left: its exit code and its two streams.</summary>
internal sealed record Answer(int Code, string Output, string Error)
{
    /// <summary>The lines of the error stream.</summary>
    public string[] Errors => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Fails unless all went well.</summary>
    public Answer Succeeds()
    {
        Assert.True(Code == ExitCode.Success, $"exit code {Code}: {Error}");
        return this;
    }

    /// <summary>Fails unless the program failed with one line that has all of some texts.</summary>
    public void FailsWith(int code, params string[] texts)
    {
        Assert.Equal(code, Code);
        Assert.Equal("", Output);
        var line = Assert.Single(Errors);
        Assert.StartsWith("plait: ", line, StringComparison.Ordinal);
        Assert.All(texts, text => Assert.Contains(text, line, StringComparison.Ordinal));
    }
}
