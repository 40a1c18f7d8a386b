namespace Plait.Mutation;

/// <summary>What is compiled into the library beside the mutants: which of them is on, and which test classes come to which.</summary>
internal static class Switches
{
    /// <summary>Names the mutant that is on.</summary>
    public const string ActiveVariable = "PLAIT_MUTANT";

    /// <summary>Names the file that gets a line for each test class: its name, its milliseconds of processor time and the mutants that it came to.</summary>
    public const string SurveyVariable = "PLAIT_MUTANT_SURVEY";

    /// <summary>The code. Tests tell it by <c>SeedPerTest</c> where they begin and end.</summary>
    public const string Code = $$"""
        namespace Plait.Mutation;

        using System;
        using System.Collections.Generic;
        using System.IO;
        using System.Linq;

        internal static class Mutants
        {
            private static readonly int Active = int.Parse(
                Environment.GetEnvironmentVariable("{{ActiveVariable}}") ?? "-1"
            );

            private static readonly bool[]? Reached =
                Environment.GetEnvironmentVariable("{{SurveyVariable}}") is null ? null : new bool[1 << 16];

            private static readonly Dictionary<string, HashSet<int>> ByClass = [];
            private static readonly Dictionary<string, TimeSpan> Times = [];
            private static string? present;
            private static TimeSpan begun;

            public static bool Is(int mutant)
            {
                if (Reached is not null)
                {
                    Reached[mutant] = true;
                }

                return mutant == Active;
            }

            [System.Runtime.CompilerServices.ModuleInitializer]
            internal static void Begin()
            {
                if (Reached is not null)
                {
                    AppContext.SetData("Plait.Mutation.Testing", (Action<string?>)Tell);
                    AppDomain.CurrentDomain.ProcessExit += (_, _) => Write();
                }
            }

            // What is reached between two tests is the second one's: its class is made there.
            private static void Tell(string? testClass)
            {
                if (testClass is not null)
                {
                    present = testClass;
                    ByClass.TryAdd(testClass, []);
                    Times.TryAdd(testClass, TimeSpan.Zero);
                    begun = Environment.CpuUsage.TotalTime;
                    return;
                }

                Times[present!] += Environment.CpuUsage.TotalTime - begun;
                for (var i = 0; i < Reached!.Length; i++)
                {
                    if (Reached[i])
                    {
                        ByClass[present!].Add(i);
                    }
                }

                Array.Clear(Reached);
            }

            private static void Write() =>
                File.WriteAllLines(
                    Environment.GetEnvironmentVariable("{{SurveyVariable}}")!,
                    ByClass.Select(one => $"{one.Key}\t{(long)Times[one.Key].TotalMilliseconds}\t{string.Join(',', one.Value)}")
                );
        }
        """;
}
