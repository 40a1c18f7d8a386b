using Plait.Optimization.Distillation;
using Plait.Training;

namespace Plait.Jobs;

/// <summary>Loads networks that jobs kept as the teachers of another one on the same data.</summary>
internal static class SavedTeachers
{
    /// <param name="run">Names the folders, none for no teachers.</param>
    /// <param name="data">The data that they were trained on, divided as then.</param>
    /// <returns>The caller's to dispose; null without teachers.</returns>
    /// <exception cref="IOException">A folder or a file is missing.</exception>
    /// <exception cref="InvalidDataException">A file is damaged.</exception>
    public static Teachers? Load(RunSpecification run, IDataParts data)
    {
        var teachers = new List<Teacher>();
        try
        {
            foreach (var folder in run.Teachers)
            {
                teachers.Add(new Teacher(SavedNetwork.Load(folder, data).Network, folder));
            }
        }
        catch
        {
            teachers.ForEach(teacher => teacher.Dispose());
            throw;
        }

        return teachers.Count == 0 ? null : new Teachers(teachers);
    }
}
