using Plait.Benchmarks;
using Plait.Catalogue;
using Plait.Jobs;
using Plait.Networks.Encoders;

namespace Plait.Cli.Tests;

[Collection("torch")]
public sealed class FrozenBankTests : IDisposable
{
    private const string Small = "tiny-resnet:width=4,stages=1,blocks=1";

    private readonly Workplace workplace = new();

    public void Dispose() => workplace.Dispose();

    [Fact]
    public void Rcm_keeps_the_filters_of_encoder_weights_and_a_task_of_a_later_run_learns_on_the_same_bank()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(1);
        using var trained = MethodCatalog.Create<Encoder>(Small, 28L * 28, new long[] { 1, 28, 28 });
        var weights = workplace.File("trained.safetensors");
        EncoderWeights.Save(trained, weights);

        var (first, later) = (Learn("tagalog", weights), Learn("latin", weights));

        var filters = trained.parameters().Where(parameter => parameter.dim() == 4).ToArray();
        Assert.Equal(3, filters.Length); // of the stem and of one block
        Assert.Equal(filters.Select(Numbers), first.Bank);
        Assert.Equal(filters.Select(Numbers), later.Bank);
        Assert.Equal(3, first.Matrices.Length);
        Assert.All(first.Matrices.Zip(later.Matrices), pair => Assert.NotEqual(pair.First, pair.Second)); // both learned
    }

    /// <summary>Trains rcm on a task and reads the frozen filters and the learned matrices of the kept network.</summary>
    private (float[][] Bank, float[][] Matrices) Learn(string task, string weights)
    {
        var store = workplace.File(task);
        string[] data = ["-b", "omniglot8", "--tasks", task, "--encoder", Small, "--encoder-weights", weights];
        string[] brief = ["--networks", "rcm", "--seeds", "1", "--epochs", "1", "--keep-networks", "--workers", "1"];
        workplace.Run(["compare", .. data, .. brief, "--store", store]).Succeeds();
        var folder = Directory
            .GetFiles(store, "network.bin", SearchOption.AllDirectories)
            .Select(file => Path.GetDirectoryName(file)!)
            .Single(folder => SavedNetwork.JobOf(folder).Run.Network == "rcm");
        using var benchmark = BenchmarkCatalog.Get("omniglot8").Load();
        using var kept = SavedNetwork.Load(folder, benchmark);
        var own = kept.Network.named_parameters().ToArray();
        var bank = own.Where(one => one.parameter.dim() == 4).Select(one => Numbers(one.parameter));
        var matrices = own.Where(one =>
                one.parameter.requires_grad && one.name.EndsWith("direction", StringComparison.Ordinal)
            )
            .Select(one => Numbers(one.parameter));
        return ([.. bank], [.. matrices]);
    }

    private static float[] Numbers(Tensor tensor) => tensor.data<float>().ToArray();
}
