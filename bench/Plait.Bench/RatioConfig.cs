using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Engines;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Mathematics.OutlierDetection;

namespace Plait.Bench;

/// <summary>Measures in this process by its processor time, and reports ratios alone: times say more about a machine than about a library.</summary>
/// <remarks>Benchmarks loop over many steps themselves, so one call is one iteration.</remarks>
internal sealed class RatioConfig : ManualConfig
{
    public RatioConfig()
    {
        AddJob(
            new Job()
                .WithStrategy(RunStrategy.Monitoring)
                .WithToolchain(InProcessEmitToolchain.DontLogOutput)
                .WithClock(new ProcessorClock())
                .WithOutlierMode(OutlierMode.DontRemove)
                .WithWarmupCount(3)
                .WithIterationCount(15)
                .WithInvocationCount(1)
                .WithUnrollFactor(1)
        );
        AddColumnProvider(DefaultColumnProviders.Descriptor, DefaultColumnProviders.Params);
        AddColumn(new RatioColumn("Minima", statistics => statistics.Min));
        AddColumn(new RatioColumn("Medians", statistics => statistics.Median));
        AddLogger(ConsoleLogger.Default);
        AddExporter(MarkdownExporter.GitHub);
        WithOptions(ConfigOptions.DisableLogFile);
    }
}
