using Plait.Data;
using Plait.Tasks;
using Plait.Tasks.Answers;

namespace Plait.Tests.Data;

/// <summary>Rows of tokens of different lengths: a tag for each token, which the token before it decides, and a label for each row.</summary>
internal static class SmallSentences
{
    public const int Vocabulary = 9;
    public const int Tags = 3;
    public const int Longest = 8;

    public static readonly TaskSet Tasks = new(LearningTask.Tagging("tag", Tags), LearningTask.Binary("large"));

    /// <summary>Draws rows: the tag is the remainder by three of the token before, 0 for the first; a row is large whose tokens are on average.</summary>
    /// <param name="rows">How many.</param>
    /// <param name="padding">How much wider than the longest row the tokens are laid out.</param>
    /// <param name="filler">What stands in the padding, of tokens and of tags.</param>
    public static TensorData Data(int rows, int padding = 0, long filler = 0, int seed = 0)
    {
        using var scope = torch.NewDisposeScope();
        var (input, tags, large) = Draw(rows, padding, filler, seed);
        return TensorData.Shared(Tasks, input, [TaskTarget.Of(tags), TaskTarget.Of(large)]);
    }

    /// <summary>Draws rows and their targets, whose padding is not marked.</summary>
    public static (BatchInput Input, Tensor Tags, Tensor Large) Draw(int rows, int padding, long filler, int seed)
    {
        var chance = new Random(seed);
        var width = Longest + padding;
        var (tokens, tags) = (new long[rows, width], new long[rows, width]);
        var (lengths, large) = (new long[rows], new float[rows]);
        for (var row = 0; row < rows; row++)
        {
            lengths[row] = row == 0 ? Longest : chance.Next(1, Longest + 1);
            var sum = 0L;
            for (var place = 0; place < width; place++)
            {
                var isThere = place < lengths[row];
                tokens[row, place] = isThere ? chance.Next(Vocabulary) : filler;
                tags[row, place] =
                    !isThere ? filler % Tags
                    : place == 0 ? 0
                    : tokens[row, place - 1] % Tags;
                sum += isThere ? tokens[row, place] : 0;
            }

            large[row] = sum > (Vocabulary - 1) / 2.0 * lengths[row] ? 1 : 0;
        }

        return (new(torch.tensor(tokens), torch.tensor(lengths)), torch.tensor(tags), torch.tensor(large));
    }
}
