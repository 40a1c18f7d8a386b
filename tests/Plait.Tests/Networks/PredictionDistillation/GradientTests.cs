using Plait.Networks.PredictionDistillation;
using TorchSharp.Modules;

namespace Plait.Tests.Networks.PredictionDistillation;

/// <summary>Gradients of the exchanges, by their parameters and by the maps that they read, against differences.</summary>
[Collection("torch")]
public sealed class GradientTests
{
    private const int Channels = 4;

    private static readonly Dictionary<
        string,
        (Func<torch.nn.Module> Build, Func<torch.nn.Module, Tensor[], Tensor> Call)
    > Blocks = new()
    {
        ["distillation unit"] = Block(() => new DistillationUnit(3, 1, Channels), (unit, maps) => unit.Refine(maps)),
        ["affinity propagation"] = Block(
            () => new AffinityPropagation(3, iterations: 2, beta: 0.4),
            (unit, maps) => unit.call(torch.stack([.. maps.Select(new PixelAffinity().call)]), maps[1])
        ),
        ["structure diffusion"] = Block(
            () => new StructureDiffusion(3, 1, Channels, rounds: 2, window: 3),
            (unit, maps) => unit.Spread([.. maps.Select(new LocalStructure(3).call)], maps[1])
        ),
        ["feature propagation"] = Block(
            () => new FeaturePropagation(3, Channels),
            (unit, maps) => torch.cat(unit.Propagate(maps))
        ),
        ["task attention"] = Block(() => new TaskAttention(3, Channels), (unit, maps) => unit.Attend(maps)),
        ["exchange block"] = Block(
            () => new ExchangeBlock(3, 1, Channels, downscale: 2, CrossTaskAttention.Both),
            (unit, maps) => unit.Receive(maps)
        ),
        ["level of a decoder"] = Block(
            () => new UpConvolution([Channels, 4, 4], 3, Channels, [8, 8]),
            (unit, maps) =>
                unit.Up(maps[0], torch.cat([torch.cat([maps[1], maps[2]], 2), torch.cat([maps[2], maps[1]], 2)], 3))
        ),
    };

    public static TheoryData<string> Names => [.. Blocks.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Gradients_agree_with_finite_differences(string name)
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(8);
        using var block = Blocks[name].Build();
        block.to(ScalarType.Float64);
        using (torch.no_grad())
        {
            foreach (
                var parameter in block.parameters().Where(parameter => parameter.count_nonzero().item<long>() == 0)
            )
            {
                parameter.normal_(); // what starts at zero hides the rest
            }
        }

        Parameter[] maps =
        [
            .. Enumerable.Range(0, 3).Select(_ => new Parameter(torch.randn(2, Channels, 4, 4, ScalarType.Float64))),
        ];
        FiniteDifference.AssertGradients(
            maps.Concat(block.parameters()),
            () => ArchitectureCases.Scalar(Blocks[name].Call(block, maps))
        );
    }

    private static (Func<torch.nn.Module>, Func<torch.nn.Module, Tensor[], Tensor>) Block<T>(
        Func<T> build,
        Func<T, Tensor[], Tensor> call
    )
        where T : torch.nn.Module => (build, (block, maps) => call((T)block, maps));
}
