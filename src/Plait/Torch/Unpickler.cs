using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Plait.Torch;

/// <summary>Reads one Python pickle as data: collections, numbers, text and tensors.</summary>
/// <remarks>
/// A pickle is a program for a machine with a stack. This machine calls nothing that the program names: tensors and ordered dictionaries
/// are made here, and every other class or function becomes a <see cref="PickledObject"/> that only says its name. Known are the
/// instructions of protocol 2, in which torch.save writes, and those of later protocols that stand for the same things.
/// </remarks>
/// <param name="content">Where it is read from; afterwards at the byte behind the pickle.</param>
internal sealed class Unpickler(Stream content)
{
    private readonly Stack<object?> stack = new();
    private readonly Dictionary<long, object?> memory = [];
    private readonly Dictionary<string, PickledStorage> storages = new(StringComparer.Ordinal);

    /// <summary>The storages that its tensors name, by their keys.</summary>
    public IReadOnlyDictionary<string, PickledStorage> Storages => storages;

    /// <summary>Reads the pickle.</summary>
    /// <exception cref="InvalidDataException">It is none, or uses an instruction that state dictionaries do not.</exception>
    /// <exception cref="EndOfStreamException">It is cut short.</exception>
    public object? Load()
    {
        while (true)
        {
            var instruction = Byte();
            if (instruction == (byte)'.')
            {
                return Pop();
            }

            Run(instruction);
        }
    }

    private void Run(byte instruction)
    {
        switch ((char)instruction)
        {
            case '\u0080': // protocol
                Byte();
                break;
            case '\u0095': // frame
                Unsigned(sizeof(long));
                break;
            case '(':
                stack.Push(Mark.Instance);
                break;
            case '0':
                Pop();
                break;
            case '2':
                stack.Push(Top());
                break;
            case 'c':
                stack.Push(new PickledClass($"{Line()}.{Line()}"));
                break;
            case '\u0093': // class named by two texts
                var (name, module) = (Pop(), Pop());
                stack.Push(new PickledClass($"{module}.{name}"));
                break;
            case 'R':
            case '\u0081': // new object
                var (arguments, called) = (Pop(), Pop());
                stack.Push(Call(called as PickledClass ?? throw Torn(), arguments as object?[] ?? throw Torn()));
                break;
            case 'b': // the state of an object, which says nothing about tensors
                Pop();
                break;
            case 'Q':
                stack.Push(Storage(Pop() as object?[] ?? throw Torn()));
                break;
            case 'q':
                memory[Byte()] = Top();
                break;
            case 'r':
                memory[Unsigned(sizeof(uint))] = Top();
                break;
            case '\u0094': // memorise
                memory[memory.Count] = Top();
                break;
            case 'h':
                stack.Push(Remembered(Byte()));
                break;
            case 'j':
                stack.Push(Remembered(Unsigned(sizeof(uint))));
                break;
            default:
                if (!PushValue(instruction) && !PushCollection(instruction))
                {
                    throw new InvalidDataException(
                        $"byte {content.Position - 1} of a pickle is 0x{instruction:x2}, an instruction that state dictionaries do not use"
                    );
                }

                break;
        }
    }

    private bool PushValue(byte instruction)
    {
        object? value;
        switch ((char)instruction)
        {
            case 'N':
                value = null;
                break;
            case '\u0088' or '\u0089':
                value = instruction == 0x88;
                break;
            case 'J':
                value = (long)(int)Unsigned(sizeof(int));
                break;
            case 'K':
                value = (long)Byte();
                break;
            case 'M':
                value = Unsigned(sizeof(ushort));
                break;
            case '\u008a' or '\u008b':
                var number = new BigInteger(Bytes(instruction == 0x8a ? Byte() : Unsigned(sizeof(int))));
                value = number >= long.MinValue && number <= long.MaxValue ? (long)number : number;
                break;
            case 'G':
                value = BinaryPrimitives.ReadDoubleBigEndian(Bytes(sizeof(double)));
                break;
            case 'X' or 'T':
                value = Encoding.UTF8.GetString(Bytes(Unsigned(sizeof(uint))));
                break;
            case '\u008c' or 'U':
                value = Encoding.UTF8.GetString(Bytes(Byte()));
                break;
            case 'B':
                value = Bytes(Unsigned(sizeof(uint)));
                break;
            case 'C':
                value = Bytes(Byte());
                break;
            default:
                return false;
        }

        stack.Push(value);
        return true;
    }

    private bool PushCollection(byte instruction)
    {
        switch ((char)instruction)
        {
            case ')':
                stack.Push(Array.Empty<object?>());
                break;
            case '\u0085':
                stack.Push(new[] { Pop() });
                break;
            case '\u0086' or '\u0087':
                var parts = new object?[instruction - 0x84];
                for (var i = parts.Length - 1; i >= 0; i--)
                {
                    parts[i] = Pop();
                }

                stack.Push(parts);
                break;
            case 't':
                stack.Push(SinceMark());
                break;
            case ']' or '\u008f': // list, set
                stack.Push(new List<object?>());
                break;
            case 'a':
                var item = Pop();
                Top<List<object?>>().Add(item);
                break;
            case 'e' or '\u0090':
                var items = SinceMark();
                Top<List<object?>>().AddRange(items);
                break;
            case '}':
                stack.Push(new PickledDictionary());
                break;
            case 's':
                var (value, key) = (Pop(), Pop());
                SetItems([key, value]);
                break;
            case 'u':
                SetItems(SinceMark());
                break;
            default:
                return false;
        }

        return true;
    }

    /// <summary>What a call would give, made here for what state dictionaries are made of.</summary>
    private static object? Call(PickledClass called, object?[] arguments) =>
        (called.Name, arguments) switch
        {
            ("collections.OrderedDict", []) => new PickledDictionary(),
            ("collections.OrderedDict", [List<object?> pairs]) => new PickledDictionary(
                pairs.Select(pair => pair is object?[] { Length: 2 } two ? (two[0], two[1]) : throw Torn())
            ),
            (
                "torch._utils._rebuild_tensor_v2"
                    or "torch._utils._rebuild_tensor",
                [PickledStorage storage, long offset, object?[] size, object?[] strides, ..]
            ) => new PickledTensor(storage, offset, Numbers(size), Numbers(strides)),
            ("torch._utils._rebuild_parameter", [PickledTensor tensor, ..]) => tensor,
            ("torch.jit._pickle.restore_type_tag", [var value, ..]) => value,
            _ => new PickledObject(called.Name),
        };

    private PickledStorage Storage(object?[] parts)
    {
        if (parts is not ["storage", PickledClass type, string key, _, long count, ..])
        {
            throw Torn();
        }

        var shift = parts is [_, _, _, _, _, object?[] { Length: 3 } view] && view[1] is long start ? start : 0;
        var storage = PickledStorage.Of(type.Name, key, count);
        storages.TryAdd(key, storage);
        return shift == 0 ? storage : storage with { Start = shift };
    }

    private void SetItems(object?[] items)
    {
        if (items.Length % 2 != 0)
        {
            throw Torn();
        }

        // An object of a class that is not known here may be filled like a dictionary; nobody looks into it.
        if (Top() is PickledObject)
        {
            return;
        }

        for (var i = 0; i < items.Length; i += 2)
        {
            Top<PickledDictionary>().Items.Add((items[i], items[i + 1]));
        }
    }

    private object?[] SinceMark()
    {
        var items = new List<object?>();
        for (var item = Pop(); item is not Mark; item = Pop())
        {
            items.Add(item);
        }

        items.Reverse();
        return [.. items];
    }

    private T Top<T>()
        where T : class => Top() as T ?? throw Torn();

    private object? Top() => stack.TryPeek(out var top) ? top : throw Torn();

    private object? Pop() => stack.TryPop(out var value) ? value : throw Torn();

    private object? Remembered(long place) => memory.TryGetValue(place, out var value) ? value : throw Torn();

    private byte Byte() =>
        content.ReadByte() is var next and >= 0 ? (byte)next : throw new EndOfStreamException("it is cut short");

    private long Unsigned(int bytes)
    {
        var number = 0L;
        for (var i = 0; i < bytes; i++)
        {
            number |= (long)Byte() << (8 * i);
        }

        return number;
    }

    private byte[] Bytes(long count)
    {
        var bytes =
            count <= content.Length - content.Position
                ? new byte[count]
                : throw new EndOfStreamException("it is cut short");
        content.ReadExactly(bytes);
        return bytes;
    }

    private string Line()
    {
        var text = new StringBuilder();
        for (var next = Byte(); next != '\n'; next = Byte())
        {
            text.Append((char)next);
        }

        return text.ToString();
    }

    private static long[] Numbers(object?[] values) =>
        [.. values.Select(value => value is long number ? number : throw Torn())];

    private static InvalidDataException Torn() => new("its pickle is not in order");

    private sealed class Mark
    {
        public static Mark Instance { get; } = new();
    }
}
