using Plait.Optimization.Distillation;
using Plait.Tabular.Features;

namespace Plait.Tabular.Models;

/// <summary>Loads trained models as the teachers of another one that reads the same columns.</summary>
/// <remarks>
/// A teacher sees each row as its own preprocessing would have it, whatever rows that was fitted on, and its answers are put into
/// the student's unit.
/// </remarks>
internal static class TabularTeachers
{
    /// <param name="folders">What <see cref="TabularModel.Save"/> wrote; none for no teachers.</param>
    /// <param name="student">Turns rows into the student's inputs.</param>
    /// <param name="device">Where the teachers are to answer.</param>
    /// <exception cref="IOException">A folder or a file of it is missing.</exception>
    /// <exception cref="InvalidDataException">A file is damaged, or of another version.</exception>
    /// <exception cref="ArgumentException">A teacher is named twice, reads a column that the student does not, or has other classes for a target.</exception>
    public static Teachers? Load(IReadOnlyList<string> folders, Preprocessing student, string device)
    {
        if (folders.GroupBy(Place).FirstOrDefault(same => same.Count() > 1) is { Key: var twice })
        {
            throw new ArgumentException($"{twice}: this teacher is named twice, and would count twice; name it once.");
        }

        var teachers = new List<Teacher>();
        try
        {
            foreach (var folder in folders)
            {
                teachers.Add(Load(folder, student, device));
            }
        }
        catch
        {
            teachers.ForEach(teacher => teacher.Dispose());
            throw;
        }

        return teachers.Count == 0 ? null : new Teachers(teachers);
    }

    private static string Place(string folder) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));

    private static Teacher Load(string folder, Preprocessing student, string device)
    {
        var model = TabularModel.Load(folder, device);
        try
        {
            var own = model.Preprocessing.Targets.ToDictionary(target => target.Name, StringComparer.Ordinal);
            var turns = student
                .Targets.Where(target => own.ContainsKey(target.Name))
                .ToDictionary(target => target.Name, target => Turn(folder, own[target.Name], target));
            return new Teacher(model.Network, folder)
            {
                Input = InputConversion.Between(folder, student.Features, model.Preprocessing.Features),
                Output = (task, output) => turns[task.Name](output),
            };
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>From a teacher's output for a target to the student's terms.</summary>
    private static Func<Tensor, Tensor> Turn(string folder, TargetEncoding from, TargetEncoding to)
    {
        if (from.Kind != to.Kind)
        {
            throw new ArgumentException(
                $"{folder}: this teacher learned '{to.Name}' as {from.Kind}, but here it is {to.Kind}; give both the same kind."
            );
        }

        if (!to.Answers.HasClasses)
        {
            return output =>
                output
                    .mul(from.StandardDeviation / to.StandardDeviation)
                    .add((from.Mean - to.Mean) / to.StandardDeviation);
        }

        return from.Classes.SequenceEqual(to.Classes) // which a table's classes alone put in order
            ? output => output
            : throw new ArgumentException(
                $"{folder}: this teacher knows '{to.Name}' as one of {string.Join(", ", from.Classes)}, but here it is one of {string.Join(", ", to.Classes)}; train it on a table with the same classes."
            );
    }
}
