using Plait.Networks;
using Plait.Networks.Encoders;
using Plait.Networks.Heads;
using Plait.Networks.SingleTasking;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Training;
using static Plait.Tests.Networks.SingleTasking.SmallMaps;
using static TorchSharp.torch.nn;

namespace Plait.Tests.Networks.SingleTasking;

[Collection("torch")]
public sealed class RcmTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Turned_to_the_responses_it_is_the_function_that_the_trained_encoder_was(bool normalizedFusion)
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(1);
        using var encoder = Trained(width: 8, stages: 3);
        using var network = Rcm.FromTrained(Two, encoder, Images(40), normalizedFusion);
        Assert.True(network.training);
        network.eval();
        var images = Images(3);
        var expected = encoder.Features(images);
        var outputs = Run(network, images, 0, 1);
        Assert.Equal(0, Difference(expected, outputs.FeaturesOf(0)!.Values), 1e-4);
        Assert.Equal(0, Difference(expected, outputs.FeaturesOf(1)!.Values), 1e-4);
        Assert.True(expected.abs().max().item<float>() > 0.5);
    }

    [Fact]
    public void The_responses_of_the_turned_bank_are_uncorrelated_and_the_largest_come_first()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(2);
        using var encoder = Trained(width: 8);
        var images = Images(20);
        using var network = Rcm.FromTrained(Two, encoder, images);
        var stem = network.Banks[0];
        var responses = functional.conv2d(images, stem.Bank!, strides: [2, 2], padding: [1, 1]);
        var columns = responses.transpose(0, 1).flatten(1);
        var centred = columns - columns.mean([1], keepdim: true);
        var covariance = centred.mm(centred.t()) / centred.size(1);
        var variances = covariance.diagonal();
        Assert.Equal(0, (covariance - variances.diag()).abs().max().item<float>() / variances[0].item<float>(), 1e-4);
        Assert.All(
            variances.data<float>().Zip(variances.data<float>().Skip(1)),
            pair => Assert.True(pair.First > pair.Second)
        );
        var matrix = stem.MatrixOf(0);
        Assert.Equal(0, Difference(matrix.mm(matrix.t()), torch.eye(8)), 1e-5);
    }

    [Fact]
    public void A_layer_is_the_bank_a_1x1_convolution_and_a_normalisation()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(3);
        using var network = Rcm.FromTrained(Two, Trained(width: 8), Images(20));
        network.eval();
        var stem = network.Banks[0];
        var images = Images(2);
        var bank = functional.conv2d(images, stem.Bank!, strides: [2, 2], padding: [1, 1]);
        var modulated = functional.conv2d(bank, stem.MatrixOf(0).view(8, 8, 1, 1));
        Assert.Equal(0, Difference(stem.PartOf(0).call(modulated), stem.call(images)), 1e-5);
    }

    [Fact]
    public void Rows_of_a_normalised_matrix_are_as_long_as_their_length_says_whatever_their_direction()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(4);
        using var filters = new TaskFilters(outputs: 5, columns: 5, normalized: true);
        using var plain = new TaskFilters(outputs: 5, columns: 5, normalized: false);
        Assert.Equal(0, Difference(torch.eye(5), filters.Matrix()), 1e-7);
        var own = filters.named_parameters().ToDictionary(pair => pair.name, pair => (Tensor)pair.parameter);
        using (torch.no_grad())
        {
            own["direction"].copy_(torch.randn(5, 5) * 7);
            own["length"].copy_(torch.tensor(new float[] { 1, 2, 3, 0.5f, -1 }));
        }

        var norms = filters.Matrix().square().sum(dim: 1L).sqrt();
        Assert.Equal(0, Difference(own["length"].abs(), norms), 1e-6);
        var target = torch.randn(5, 5);
        filters.Set(target);
        plain.Set(target);
        Assert.Equal(0, Difference(target, filters.Matrix()), 1e-6);
        Assert.Equal(0, Difference(target, plain.Matrix()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_task_adds_a_matrix_a_layer_its_normalisations_and_the_projections(bool normalizedFusion)
    {
        using var encoder = new TinyResNet([3, Side, Side], width: 8, stages: 2, blocks: 1);
        using var network = new Rcm(Two, encoder, normalizedFusion);
        long[] outputs = [8, 8, 8, 16, 16]; // the stem, two convolutions a block
        const long Projection = (8 * 16) + (2 * 16);
        var expected =
            outputs.Sum(channels => (channels * channels) + (2 * channels) + (normalizedFusion ? channels : 0))
            + Projection
            + Size(Head.For(Two[0], encoder).parameters());
        Assert.Equal(expected, Size(network.ParametersOf(0)));
        Assert.Empty(network.SharedParameters);
    }

    [Fact]
    public void A_network_that_gains_a_task_answers_the_others_bit_by_bit_as_before_however_it_learns()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(5);
        using var network = Rcm.FromTrained(Two, Trained(), Images(20));
        var recipe = new Recipe { Optimizer = new AdamWOptimizer(0.01, weightDecay: 0.1), Epochs = 2 };
        new Trainer(network, recipe).Fit(DrawnShapes.Draw(Two, rows: 32, Side).Batches(8, 1));
        var images = Images(3);
        var before = Run(network, images, 0, 1);
        using var grown = network.WithTask(LearningTask.Classification("kind", DrawnShapes.Kinds));
        grown.eval();
        AssertSame();

        var (drawn, kind, pixels, bulge) = DrawnShapes.Draw(32, Side);
        using var data = Plait.Data.TensorData.Shared(
            grown.Tasks,
            drawn,
            [TaskTarget.Of(pixels.remainder(3)), TaskTarget.Of(bulge), TaskTarget.Of(kind)]
        );
        var start = Run(grown, images, 2)[2].detach().clone();
        new Trainer(grown, recipe).Fit(data.Batches(8, 1)); // with the others' labels as well
        Assert.NotEqual(0, Difference(start, Run(grown, images, 2)[2]));
        AssertSame();

        void AssertSame()
        {
            var after = Run(grown, images, 0, 1);
            Assert.Equal(0, Difference(before[0], after[0]));
            Assert.Equal(0, Difference(before[1], after[1]));
        }
    }

    [Fact]
    public void A_task_that_comes_later_starts_from_the_trained_encoder_too()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(6);
        using var encoder = Trained();
        using var network = Rcm.FromTrained(new TaskSet(Two[0]), encoder, Images(20));
        var recipe = new Recipe { Optimizer = new AdamWOptimizer(0.01), Epochs = 1 };
        var (drawn, _, pixels, _) = DrawnShapes.Draw(32, Side);
        using var data = Plait.Data.TensorData.Shared(network.Tasks, drawn, [TaskTarget.Of(pixels.remainder(3))]);
        new Trainer(network, recipe).Fit(data.Batches(8, 1));
        using var grown = network.WithTask(Two[1], freezesOthers: false);
        Assert.NotEmpty(grown.ParametersOf(0));
        grown.eval();
        var images = Images(3);
        var outputs = Run(grown, images, 0, 1);
        Assert.Equal(0, Difference(encoder.Features(images), outputs.FeaturesOf(1)!.Values), 1e-4);
        Assert.True(Difference(encoder.Features(images), outputs.FeaturesOf(0)!.Values) > 0.01);
        Assert.Throws<ArgumentException>(() => grown.WithTask(Two[0]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void It_goes_on_from_a_network_of_fewer_tasks_whose_answers_stay_the_same_bits(bool comesFirst)
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(8);
        using var trained = Rcm.FromTrained(Two, Trained(), Images(20));
        var recipe = new Recipe { Optimizer = new AdamWOptimizer(0.01, weightDecay: 0.1), Epochs = 1 };
        new Trainer(trained, recipe).Fit(DrawnShapes.Draw(Two, rows: 16, Side).Batches(8, 1));
        var kind = LearningTask.Classification("kind", DrawnShapes.Kinds);
        var tasks = comesFirst ? new TaskSet([kind, .. Two]) : new TaskSet([.. Two, kind]);
        var shift = comesFirst ? 1 : 0;
        using var whole = new Rcm(tasks, new TinyResNet([3, Side, Side], width: 4, stages: 2, blocks: 1));

        whole.GoOnFrom(trained);

        using var further = new SomeTasks(whole, ["kind"]);
        Assert.Equal(
            Size(whole.parameters().Where(parameter => parameter.requires_grad)),
            Size(further.ParametersOf(0))
        );
        var (drawn, kinds, _, _) = DrawnShapes.Draw(16, Side);
        using var data = Plait.Data.TensorData.Shared(further.Tasks, drawn, [TaskTarget.Of(kinds)]);
        var images = Images(3);
        further.eval();
        var start = Run(further, images, 0)[0].detach().clone();
        new Trainer(further, recipe).Fit(data.Batches(8, 1));
        Assert.NotEqual(0, Difference(start, Run(further, images, 0)[0]));
        var (before, after) = (Run(trained, images, 0, 1), Run(whole, images, shift, shift + 1));
        Assert.Equal(0, Difference(before[0], after[shift]));
        Assert.Equal(0, Difference(before[1], after[shift + 1]));
    }

    [Fact]
    public void It_goes_on_from_no_other_make_and_not_from_all_of_its_tasks()
    {
        using var scope = torch.NewDisposeScope();
        using var encoder = Trained();
        using var both = new Rcm(Two, encoder);
        using var plain = new Plait.Networks.SharedTrunk.HardSharing(new TaskSet(Two[0]), Trained());
        using var wider = new Rcm(new TaskSet(Two[0]), Trained(width: 8));
        using var same = new Rcm(Two, encoder);
        Assert.Contains("HardSharing", Assert.Throws<ArgumentException>(() => both.GoOnFrom(plain)).Message);
        Assert.Contains("another encoder", Assert.Throws<ArgumentException>(() => both.GoOnFrom(wider)).Message);
        Assert.Contains("not of all", Assert.Throws<ArgumentException>(() => both.GoOnFrom(same)).Message);
        Assert.Throws<ArgumentException>(() => new SomeTasks(same, ["sky"]));
    }

    [Fact]
    public void A_bank_that_was_loaded_from_nowhere_is_said_to_be_random()
    {
        using var scope = torch.NewDisposeScope();
        using var encoder = Trained();
        using var random = new Rcm(Two, encoder);
        using var turned = Rcm.FromTrained(Two, encoder, Images(20));
        using var adapters = new ResidualAdapters(Two, encoder, frozen: true);
        using var learning = new ResidualAdapters(Two, encoder);
        Assert.Contains("random", Assert.Single(random.Notices));
        Assert.Equal(random.Notices, adapters.Notices);
        Assert.Empty(turned.Notices);
        Assert.Empty(learning.Notices);
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.safetensors");
        try
        {
            EncoderWeights.Save(encoder, path);
            EncoderWeights.Load(encoder, path);
            using var loaded = new Rcm(Two, encoder);
            Assert.Empty(loaded.Notices);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_saved_network_of_the_same_tasks_comes_back_with_its_bank()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(7);
        using var network = Rcm.FromTrained(Two, Trained(), Images(20));
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.safetensors");
        try
        {
            NetworkState.Save(network, path);
            using var other = new Rcm(Two, new TinyResNet([3, Side, Side], width: 4, stages: 2, blocks: 1));
            NetworkState.Load(other, path);
            network.eval();
            other.eval();
            var images = Images(2);
            Assert.Equal(0, Difference(Run(network, images, 1)[1], Run(other, images, 1)[1]));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void It_multiplies_as_often_as_the_plain_encoder_for_each_task()
    {
        using var encoder = Trained();
        using var network = new Rcm(Two, encoder);
        using var plain = new SingleTask(Two, new TinyResNet([3, Side, Side], width: 4, stages: 2, blocks: 1));
        Assert.Equal(Macs.Of(plain, [3, Side, Side]), Macs.Of(network, [3, Side, Side]));
    }

    [Fact]
    public void Images_of_another_shape_and_encoders_that_are_not_plain_are_refused()
    {
        using var scope = torch.NewDisposeScope();
        using var encoder = Trained();
        Assert.Contains(
            "[rows, 3, 16, 16]",
            Assert.Throws<ArgumentException>(() => Rcm.FromTrained(Two, encoder, torch.zeros(2, 3, 8, 8))).Message
        );
        Assert.Throws<ArgumentException>(() => Rcm.FromTrained(Two, encoder, torch.zeros(0, 3, Side, Side)));
        using var network = new Rcm(Two, encoder);
        var conditional = network.modules().OfType<Encoder>().Single();
        Assert.Contains("plain", Assert.Throws<ArgumentException>(() => new Rcm(Two, conditional)).Message);
    }
}
