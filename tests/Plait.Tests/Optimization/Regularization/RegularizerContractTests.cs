using Plait.Catalogue;
using Plait.Networks;
using Plait.Optimization.Regularization;
using Plait.Tests.Data;
using Plait.Tests.Networks;
using Plait.Torch;
using TorchSharp.Modules;

namespace Plait.Tests.Optimization.Regularization;

/// <summary>What holds of every regularizer of the catalogue, on each of the small networks that it takes.</summary>
[Collection("torch")]
public sealed class RegularizerContractTests
{
    /// <summary>A step at which no method updates what it has learned: mrn takes its covariances at the first look, and keeps them here.</summary>
    private const long Step = 5;

    private static readonly string[] Others =
    [
        "trace-norm:unfolding=tucker",
        "trace-norm:unfolding=tensor-train",
        "group-sparsity:of=first-shared",
        "orthogonality:between=tasks",
        "mrn:interval=1",
        "mrn:learn=tasks",
    ];

    private static readonly string[] Methods =
    [
        .. MethodCatalog.Of(MethodKind.Regularizer).Select(entry => entry.Example),
        .. Others,
    ];

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var method in Methods)
            {
                foreach (var make in PenaltyCases.All.Where(make => Takes(method, make)))
                {
                    cases.Add(method, make);
                }
            }

            return cases;
        }
    }

    [Fact]
    public void Each_takes_one_of_the_small_networks() =>
        Assert.All(Methods, method => Assert.Contains(PenaltyCases.All, make => Takes(method, make)));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Its_gradient_predicts_how_the_penalty_changes(string method, string make)
    {
        using var network = PenaltyCases.Make(make);
        var regularizer = Begun(Stronger(method), network);
        using var scope = torch.NewDisposeScope();
        var touched = Touched(regularizer, network);
        Assert.NotEmpty(touched);
        Forget(network);

        FiniteDifference.AssertGradients(touched, () => Penalty(regularizer, network));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void It_is_a_scalar_of_0_or_more_in_proportion_to_its_strength(string method, string make)
    {
        using var network = PenaltyCases.Make(make);
        using var scope = torch.NewDisposeScope();

        var (none, one, two) = (At(0), At(0.5), At(1));

        Assert.Equal(0, none);
        Assert.InRange(one, 1e-6, 1e6);
        Assert.Equal(2 * one, two, 1e-9 * two);

        double At(double strength)
        {
            var penalty = Penalty(Begun(With(method, strength), network), network);
            Assert.Empty(penalty.shape);
            return penalty.item<double>();
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Parameters_that_are_all_zero_have_finite_gradients(string method, string make)
    {
        using var network = PenaltyCases.Make(make);
        using (torch.no_grad())
        {
            foreach (var parameter in network.parameters())
            {
                parameter.zero_();
            }
        }

        using var scope = torch.NewDisposeScope();
        var regularizer = Begun(Stronger(method), network);

        Assert.True(double.IsFinite(Penalty(regularizer, network).item<double>()));
        Assert.All(
            Touched(regularizer, network),
            parameter => Assert.All(Numbers.Read(parameter.grad!), value => Assert.True(double.IsFinite(value)))
        );
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Saved_and_loaded_it_goes_on_to_the_bit(string method, string make)
    {
        Assert.Equal(Penalties(stopAt: -1), Penalties(stopAt: 2));

        double[] Penalties(int stopAt)
        {
            using var network = PenaltyCases.Make(make);
            using var scope = torch.NewDisposeScope();
            var regularizer = Begun(Stronger(method), network);
            var seen = new List<double>();
            for (var step = 0; step < 4; step++)
            {
                if (step == stopAt)
                {
                    var state = new StateDictionary();
                    regularizer.Save(state);
                    regularizer = Begun(Stronger(method), network);
                    regularizer.Load(state);
                }

                seen.Add(regularizer.Penalty(network, StepContexts.At(step)).item<double>());
                using (torch.no_grad())
                {
                    foreach (var parameter in network.parameters())
                    {
                        parameter.mul_(0.8).add_(0.1);
                    }
                }
            }

            return [.. seen];
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void It_leaves_no_tensor_behind(string method, string make)
    {
        using var network = PenaltyCases.Make(make);
        var regularizer = Begun(method, network);
        Penalty(regularizer, network).Dispose();
        var before = SmallData.CountTensors();

        Penalty(regularizer, network).Dispose();

        Assert.Equal(before, SmallData.CountTensors());
    }

    private static bool Takes(string method, string make)
    {
        using var network = PenaltyCases.Make(make);
        try
        {
            Begun(method, network);
            return true;
        }
        catch (NotSupportedException)
        {
            return false;
        }
    }

    private static Regularizer Begun(string method, MultiTaskNetwork network)
    {
        var regularizer = MethodCatalog.Create<Regularizer>(method);
        regularizer.Begin(network);
        return regularizer;
    }

    /// <summary>Strong enough for differences to be seen.</summary>
    private static string Stronger(string method) => With(method, 0.5);

    private static string With(string method, double strength) =>
        string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"{method}{(method.Contains(':', StringComparison.Ordinal) ? ',' : ':')}strength={strength}"
        );

    private static Tensor Penalty(Regularizer regularizer, MultiTaskNetwork network) =>
        regularizer.Penalty(network, StepContexts.At(Step));

    /// <summary>The parameters that the penalty depends on, with its gradient.</summary>
    private static Parameter[] Touched(Regularizer regularizer, MultiTaskNetwork network)
    {
        Forget(network);
        using var scope = torch.NewDisposeScope();
        Penalty(regularizer, network).backward();
        return [.. network.parameters().Where(parameter => parameter.grad is not null)];
    }

    private static void Forget(MultiTaskNetwork network)
    {
        foreach (var parameter in network.parameters())
        {
            parameter.grad = null;
        }
    }
}
