using Plait.Data;
using Plait.Tasks;
using Plait.Tasks.Answers;

namespace Plait.Tests.Data;

/// <summary>Rows of tokens of different lengths: one task counts small tokens, another says whether there is a 7.</summary>
internal static class SmallTexts
{
    public const int Vocabulary = 20;
    public const int Longest = 12;

    public static readonly TaskSet Tasks = new(LearningTask.Regression("share"), LearningTask.Binary("seven"));

    /// <summary>Draws rows.</summary>
    /// <param name="rows">How many.</param>
    /// <param name="padding">How much wider than the longest row the tokens are laid out.</param>
    /// <param name="filler">What stands in the padding.</param>
    public static TensorData Data(int rows, int padding = 0, long filler = 0, int seed = 0)
    {
        using var scope = torch.NewDisposeScope();
        var (input, share, seven) = Draw(rows, padding, filler, seed);
        return TensorData.Shared(Tasks, input, [TaskTarget.Of(share), TaskTarget.Of(seven)]);
    }

    /// <summary>Draws rows and their targets.</summary>
    public static (BatchInput Input, Tensor Share, Tensor Seven) Draw(int rows, int padding, long filler, int seed)
    {
        var chance = new Random(seed);
        var tokens = new long[rows, Longest + padding];
        var (lengths, share, seven) = (new long[rows], new float[rows], new float[rows]);
        for (var row = 0; row < rows; row++)
        {
            lengths[row] = row == 0 ? Longest : chance.Next(1, Longest + 1);
            for (var place = 0; place < Longest + padding; place++)
            {
                var token = place < lengths[row] ? chance.Next(Vocabulary) : filler;
                tokens[row, place] = token;
                if (place < lengths[row])
                {
                    share[row] += token < Vocabulary / 2 ? 1f / lengths[row] : 0;
                    seven[row] = token == 7 ? 1 : seven[row];
                }
            }
        }

        return (new(torch.tensor(tokens), torch.tensor(lengths)), torch.tensor(share), torch.tensor(seven));
    }
}
