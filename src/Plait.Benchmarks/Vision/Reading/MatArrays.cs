using System.Text;
using Plait.Torch;

namespace Plait.Benchmarks.Vision.Reading;

/// <summary>Reads the array of one variable of a MAT file, and the arrays in it.</summary>
/// <param name="name">What errors call the file.</param>
/// <param name="bigEndian">Whether a number's highest byte comes first.</param>
/// <param name="budget">What the file's content may take.</param>
internal sealed class MatArrays(string name, bool bigEndian, ReadingBudget budget)
{
    private const int Deepest = 32; // arrays within arrays; published annotations have four
    private const int LeastArray = 8; // bytes of an array without anything
    private const int BytesOfArray = 200; // what an array takes in memory, whatever is in it
    private const int BytesOfStructure = 200; // and an element with fields by name
    private const int BytesOfField = 64;
    private const int Alignment = 8;
    private const int Matrix = 14;
    private const int Compressed = 15; // an element that fills no eight bytes

    /// <summary>Reads an array.</summary>
    /// <param name="element">Where it is.</param>
    /// <exception cref="InvalidDataException">It is damaged, of a kind that is not read, too deep, or takes too much.</exception>
    public MatArray Read((int Type, ReadOnlyMemory<byte> Data) element) => Read(element, 1);

    /// <summary>The next element.</summary>
    /// <param name="rest">From where it is read; afterwards behind it.</param>
    public static (int Type, ReadOnlyMemory<byte> Data) Next(ref BoundedReader rest)
    {
        var first = rest.Int32();
        if (first >> 16 is not 0 and var small)
        {
            return small is > 0 and <= sizeof(int)
                ? (first & 0xFFFF, rest.Take(sizeof(int))[..small])
                : throw rest.Damaged($"a part of up to {sizeof(int)} bytes says it has {small}");
        }

        var length = rest.Int32();
        var data = rest.Take(length);
        if (first != Compressed)
        {
            rest.Skip((Alignment - (length % Alignment)) % Alignment);
        }

        return (first, data);
    }

    private MatArray Read((int Type, ReadOnlyMemory<byte> Data) element, int depth)
    {
        if (element.Type != Matrix)
        {
            throw new InvalidDataException(
                $"'{name}' holds an element of type {element.Type}; expected an array ({Matrix})."
            );
        }

        if (depth > Deepest)
        {
            throw new InvalidDataException(
                $"'{name}' holds arrays within arrays, more than {Deepest} deep; at most {Deepest} are read."
            );
        }

        budget.Take(BytesOfArray, "its arrays");
        var rest = new BoundedReader(element.Data, name, bigEndian);
        if (rest.Left == 0)
        {
            return new MatArray([0, 0]);
        }

        var flags = new BoundedReader(Next(ref rest).Data, name, bigEndian);
        var kind = flags.Int32() & 0xFF;
        var shape = ShapeOf(Next(ref rest));
        Next(ref rest); // its name
        var count = ArraySize.Bytes([.. shape.Select(size => (long)size)], 1) ?? long.MaxValue;
        return kind switch
        {
            1 => new MatArray(shape) { Cells = ReadArrays(ref rest, count, depth) },
            2 => ReadStructures(ref rest, shape, count, depth),
            4 => new MatArray(shape) { Text = TextOf(Numbers(ref rest)) },
            >= 6 and <= 15 => new MatArray(shape) { Values = Counted(Numbers(ref rest), count) },
            _ => throw new InvalidDataException(
                $"'{name}' holds an array of class {kind}; expected numbers, text, cells or structures."
            ),
        };
    }

    private int[] ShapeOf((int Type, ReadOnlyMemory<byte> Data) element)
    {
        var axes = element.Data.Length / sizeof(int);
        if (axes > ArraySize.MaximumAxes)
        {
            throw new InvalidDataException(
                $"'{name}' holds an array of {axes} axes; at most {ArraySize.MaximumAxes} are read."
            );
        }

        var sizes = new BoundedReader(element.Data, name, bigEndian);
        var shape = new int[axes];
        for (var axis = 0; axis < axes; axis++)
        {
            shape[axis] = sizes.Int32();
        }

        return Array.TrueForAll(shape, size => size >= 0)
            ? shape
            : throw new InvalidDataException(
                $"'{name}' is damaged: it holds an array of sizes {string.Join(" x ", shape)}."
            );
    }

    private MatNumbers Numbers(ref BoundedReader rest)
    {
        var element = Next(ref rest);
        return new MatNumbers(element.Type, element.Data, bigEndian, name);
    }

    private string TextOf(MatNumbers codes)
    {
        budget.Take(codes.Count, sizeof(char), "its texts");
        return string.Create(
            codes.Count,
            codes,
            (text, from) =>
            {
                for (var i = 0; i < text.Length; i++)
                {
                    text[i] = (char)from[i];
                }
            }
        );
    }

    private MatNumbers Counted(MatNumbers numbers, long count) =>
        numbers.Count == count
            ? numbers
            : throw new InvalidDataException(
                $"'{name}' holds an array of {numbers.Count} numbers; expected {count} by its sizes."
            );

    private MatArray ReadStructures(ref BoundedReader rest, int[] shape, long count, int depth)
    {
        var widths = new BoundedReader(Next(ref rest).Data, name, bigEndian);
        var width = widths.Int32();
        var names = Next(ref rest).Data;
        var fields = new string[width <= 0 ? 0 : names.Length / width];
        for (var i = 0; i < fields.Length; i++)
        {
            fields[i] = Encoding.ASCII.GetString(names.Span.Slice(i * width, width)).TrimEnd('\0');
        }

        if (fields.Distinct(StringComparer.Ordinal).Count() != fields.Length)
        {
            throw new InvalidDataException($"'{name}' is damaged: it holds structures with two fields of one name.");
        }

        rest.Require(count, (long)LeastArray * Math.Max(1, fields.Length), "structures");
        budget.Take(count, BytesOfStructure + ((long)BytesOfField * fields.Length), "its structures");
        var structures = new Dictionary<string, MatArray>[count];
        for (var i = 0; i < structures.Length; i++)
        {
            structures[i] = new(fields.Length);
            foreach (var field in fields)
            {
                structures[i][field] = Read(Next(ref rest), depth + 1);
            }
        }

        return new MatArray(shape) { Structures = structures };
    }

    private MatArray[] ReadArrays(ref BoundedReader rest, long count, int depth)
    {
        rest.Require(count, LeastArray, "cells");
        var arrays = new MatArray[count];
        for (var i = 0; i < arrays.Length; i++)
        {
            arrays[i] = Read(Next(ref rest), depth + 1);
        }

        return arrays;
    }
}
