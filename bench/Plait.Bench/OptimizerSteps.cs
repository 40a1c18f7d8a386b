using BenchmarkDotNet.Attributes;
using Plait.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace Plait.Bench;

/// <summary>One optimizer step over many small, or some larger, parameters: TorchSharp's own against one fused call over flat storage.</summary>
public class OptimizerSteps
{
    private const int Steps = 50;
    private Optimizer own = null!;
    private Optimizer flat = null!;

    [Params("Adam", "AdamW", "SGD")]
    public string Rule { get; set; } = "";

    [Params("200 of 32x32", "20 of 256x256")]
    public string Parameters { get; set; } = "";

    [GlobalSetup]
    public void Prepare()
    {
        own = Create(Make());
        var storage = FlatParameters.Of(Make());
        storage.Gradients.normal_(0, 1e-2);
        flat = Rule switch
        {
            "SGD" => new FlatSgd(storage, 1e-3, new SgdOptions(0.9, 0, false)),
            _ => new FlatAdam(
                storage,
                1e-3,
                new AdamOptions(0.9, 0.999, 1e-8, Rule == "Adam" ? 0 : 0.01),
                Rule == "AdamW"
            ),
        };
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Steps, Description = "TorchSharp")]
    public void TorchSharpOwn() => Take(own);

    [Benchmark(OperationsPerInvoke = Steps, Description = "flat, fused")]
    public void Flat() => Take(flat);

    private static void Take(Optimizer optimizer)
    {
        for (var i = 0; i < Steps; i++)
        {
            using var scope = NewDisposeScope();
            optimizer.step();
        }
    }

    private Parameter[] Make()
    {
        var (count, side) = Parameters.StartsWith("200", StringComparison.Ordinal) ? (200, 32) : (20, 256);
        var made = new Parameter[count];
        for (var i = 0; i < count; i++)
        {
            made[i] = new Parameter(randn(side, side));
            made[i].grad = randn(side, side).mul(1e-2f);
        }

        return made;
    }

    private Optimizer Create(Parameter[] parameters) =>
        Rule switch
        {
            "Adam" => Adam(parameters, 1e-3),
            "AdamW" => AdamW(parameters, 1e-3, weight_decay: 0.01),
            _ => SGD(parameters, 1e-3, momentum: 0.9),
        };
}
