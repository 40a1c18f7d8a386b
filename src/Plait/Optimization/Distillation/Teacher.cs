using Plait.Networks;
using Plait.Tasks;

namespace Plait.Optimization.Distillation;

/// <summary>A network that has learned already: it answers in eval mode, without gradients, and is never changed.</summary>
/// <remarks>It speaks for those tasks of a student that it has a task of the same name for, and the same kind of output.</remarks>
public sealed class Teacher : IDisposable
{
    /// <summary>Makes a teacher of a network.</summary>
    /// <param name="network">Learned; owned by the teacher from now on.</param>
    /// <param name="name">What errors call it, such as the folder that it comes from; the network's own name when null.</param>
    public Teacher(MultiTaskNetwork network, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        Network = network;
        Name = name ?? network.GetName();
        network.eval();
    }

    /// <summary>What errors call it.</summary>
    public string Name { get; }

    /// <summary>The network.</summary>
    public MultiTaskNetwork Network { get; private set; }

    /// <summary>Turns the student's inputs, [rows, ...], into this teacher's, where they were prepared differently; null for none.</summary>
    public Func<Tensor, Tensor>? Input { get; init; }

    /// <summary>Turns this teacher's output for a task into the student's terms: its unit, its order of classes; null for none.</summary>
    public Func<LearningTask, Tensor, Tensor>? Output { get; init; }

    /// <inheritdoc/>
    public void Dispose() => Network.Dispose();

    /// <summary>Moves to the student's device, and out of training mode if somebody put it there.</summary>
    internal void Begin(Device device)
    {
        if (!Torch.Devices.AreSame(Network.Device, device))
        {
            Network = (MultiTaskNetwork)Network.to(device);
        }

        Network.eval();
    }

    /// <summary>Refuses a student whose task of a name is another than this teacher's.</summary>
    /// <exception cref="ArgumentException">It has no task of the student's, or one with another output or one that cannot be taught.</exception>
    internal void Require(TaskSet student)
    {
        var known = student.Where(task => Network.Tasks.Contains(task.Name)).ToArray();
        if (known.Length == 0)
        {
            throw new ArgumentException(
                $"The teacher '{Name}' knows {string.Join(", ", Network.Tasks)}, and none of the tasks to learn ({string.Join(", ", student)}); tasks match by name."
            );
        }

        foreach (var task in known)
        {
            var own = Network.Tasks[task.Name];
            if (own.Answer.Kind != task.Answer.Kind || own.Output != task.Output)
            {
                throw new ArgumentException(
                    $"The teacher '{Name}' answers task '{task.Name}' with {own.Answer}, but the student is to give {task.Answer}; train one of them anew."
                );
            }

            if (!task.Answer.CanBeTaught)
            {
                throw new ArgumentException(
                    $"The teacher '{Name}' knows task '{task.Name}', and no {task.Answer.Kind} can be learned from a teacher; leave the task out, or take teachers that do not know it."
                );
            }
        }
    }
}
