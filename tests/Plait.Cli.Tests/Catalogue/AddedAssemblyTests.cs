using System.Reflection;
using System.Runtime.Loader;
using Plait.Catalogue;
using Plait.Cli.Tests.Documents;
using Plait.Tasks;

namespace Plait.Cli.Tests.Catalogue;

/// <summary>Methods and kinds of targets of an assembly that somebody else wrote. Each test has a library of its own, so that no other test sees them.</summary>
public sealed class AddedAssemblyTests
{
    private const string Source = """
        [Method("first-task", Survey = "3.4", Paper = "None", Summary = "Follows the gradient of the first task.")]
        public sealed class FirstTask : GradientAggregator
        {
            public override Tensor Aggregate(TaskGradients gradients, StepContext step)
            {
                var weights = new double[gradients.Count];
                weights[0] = 1;
                return gradients.Combine(weights);
            }
        }

        public sealed class GradeKind : ClassKind
        {
            public override string Name => "grade";

            public override IReadOnlyList<string> ClassesOf(string column, ITargetTexts texts, string? order) =>
                ["A", "B", "C"];

            public override Answer Create(FittedTarget target) => new Ordinal(target.Classes.Count);
        }

        public sealed class Stripes : AnswerColours
        {
            public override string Name => "stripes";

            public override (double Red, double Green, double Blue) Of(ReadOnlySpan<float> numbers, float low, float high) =>
                (numbers[0], 0, 0);
        }
        """;

    [Fact]
    public void An_assembly_that_says_it_brings_methods_is_found_once_it_is_loaded()
    {
        var library = new Library();
        Assert.Equal(MethodCatalog.All.Count, library.Methods.Length);
        Assert.Equal(AnswerKinds.All.Select(kind => kind.Name), library.Kinds);

        library.LoadFromStream(BlockCompiler.Library("Marked", "[assembly: PlaitMethods]\n" + Source));

        Assert.Contains("first-task", library.Methods);
        Assert.Equal(
            [.. AnswerKinds.All.Select(kind => kind.Name).Append("grade").Order(StringComparer.Ordinal)],
            library.Kinds
        );
        Assert.Equal("stripes", library.Colours[^1]);
        Assert.DoesNotContain(MethodCatalog.All, entry => entry.Name == "first-task");
    }

    [Fact]
    public void An_assembly_without_the_mark_is_added_by_a_call_and_once_however_many_call()
    {
        var library = new Library();
        var plain = library.LoadFromStream(BlockCompiler.Library("Plain", Source));
        Assert.DoesNotContain("first-task", library.Methods);

        Parallel.For(
            0,
            16,
            _ =>
            {
                library.Add(plain);
                Assert.Contains("grade", library.Kinds);
            }
        );

        Assert.Single(library.Methods, "first-task");
        Assert.Single(library.Kinds, "grade");
    }

    [Fact]
    public void A_method_of_a_name_that_is_taken_is_refused_and_the_catalogue_stays_as_it_was()
    {
        var library = new Library();
        var before = library.Methods;
        var twin = library.LoadFromStream(BlockCompiler.Library("Twin", Source.Replace("first-task", "pcgrad")));

        var fault = Assert.IsType<ArgumentException>(
            Assert.Throws<TargetInvocationException>(() => library.Add(twin)).InnerException
        );

        Assert.Contains("FirstTask", fault.Message, StringComparison.Ordinal);
        Assert.Contains(
            "are both called 'pcgrad' (aggregator); rename one of them.",
            fault.Message,
            StringComparison.Ordinal
        );
        Assert.Equal(before, library.Methods);
    }

    /// <summary>A copy of the library with a catalogue of its own.</summary>
    private sealed class Library : AssemblyLoadContext
    {
        private readonly Assembly plait;

        public Library()
            : base("library") => plait = LoadFromAssemblyPath(typeof(MethodCatalog).Assembly.Location);

        public string[] Methods => Names(typeof(MethodCatalog));

        public string[] Kinds => Names(typeof(AnswerKinds));

        public string[] Colours => Names(typeof(AnswerColours));

        public void Add(Assembly assembly) => Own(typeof(MethodCatalog)).GetMethod("Add")!.Invoke(null, [assembly]);

        protected override Assembly? Load(AssemblyName name) => name.Name == "Plait" ? plait : null;

        private Type Own(Type type) => plait.GetType(type.FullName!)!;

        private string[] Names(Type type) =>
            [
                .. ((IEnumerable<object>)Own(type).GetProperty("All")!.GetValue(null)!).Select(item =>
                    (string)item.GetType().GetProperty("Name")!.GetValue(item)!
                ),
            ];
    }
}
