using static TorchSharp.torch.nn;

namespace Plait.Tests.Networks.Experts;

/// <summary>Experts, gates and mixtures one by one, as the papers write them, from the parameters of a network.</summary>
internal static class SlowExperts
{
    /// <summary>What one expert of a group says.</summary>
    public static Tensor Expert(Dictionary<string, Tensor> state, string group, int expert, int experts, Tensor input)
    {
        for (var layer = 0; state.TryGetValue($"{group}.{layer}.weight", out var all); layer++)
        {
            var weight = all.chunk(experts)[expert];
            var bias = state[$"{group}.{layer}.bias"].chunk(experts)[expert];
            input = (
                weight.dim() == 2
                    ? functional.linear(input, weight, bias)
                    : functional.conv2d(input, weight, bias, padding: [1, 1])
            ).relu();
        }

        return input;
    }

    /// <summary>A softmax gate, [rows, experts].</summary>
    public static Tensor Gate(Tensor weight, Tensor input) =>
        functional.linear(input.dim() == 2 ? input : input.mean([2, 3]), weight).softmax(1);

    /// <summary>A weighted sum, row by row.</summary>
    public static Tensor Mix(Tensor weights, IReadOnlyList<Tensor> opinions)
    {
        Assert.Equal(opinions.Count, weights.size(1));
        return opinions
            .Select((opinion, i) => weights.select(1, i).view([-1, .. opinion.shape.Skip(1).Select(_ => 1L)]) * opinion)
            .Aggregate((a, b) => a + b);
    }

    /// <summary>The features of all tasks after layers of extraction, equations 1 to 7 of Tang et al. 2020.</summary>
    public static Tensor[] Extract(
        Dictionary<string, Tensor> state,
        int layers,
        int tasks,
        int own,
        int shared,
        Tensor input
    )
    {
        Tensor[] read = [.. Enumerable.Repeat(input, tasks)];
        var sharedReads = input;
        for (var layer = 0; layer < layers; layer++)
        {
            Tensor[][] ofOwn =
            [
                .. read.Select(
                    (x, task) =>
                        Enumerable
                            .Range(0, own)
                            .Select(expert => Expert(state, $"layers.{layer}.own.{task}", expert, own, x))
                            .ToArray()
                ),
            ];
            Tensor[] ofShared =
            [
                .. Enumerable
                    .Range(0, shared)
                    .Select(expert => Expert(state, $"layers.{layer}.shared", expert, shared, sharedReads)),
            ];
            read =
            [
                .. read.Select(
                    (x, task) =>
                        Mix(Gate(state[$"layers.{layer}.gates.{task}.weight"], x), [.. ofOwn[task], .. ofShared])
                ),
            ];
            if (layer < layers - 1)
            {
                var gate = Gate(state[$"layers.{layer}.sharedGate.weight"], sharedReads);
                sharedReads = Mix(gate, [.. ofOwn.SelectMany(opinions => opinions), .. ofShared]);
            }
        }

        return read;
    }
}
