using System.Text;
using CsCheck;
using Plait.Torch;

namespace Plait.Tests.Torch;

[Collection("torch")]
public sealed class SafeTensorsFileTests : IDisposable
{
    private readonly string path = Path.GetTempFileName();

    public void Dispose() => File.Delete(path);

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","data_offsets":[0,4]}}""", "'a' has no 'shape'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}""", "the place of 'a' is not two numbers")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1,-1],"data_offsets":[0,4]}}""", "'a' lies outside the file")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "'a' lies outside the file")]
    [InlineData("""{"a":{"dtype":"F8_E4M3","shape":[4],"data_offsets":[0,4]}}""", "elements of type 'F8_E4M3'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{}}""", "not a whole safetensors file")]
    [InlineData("""[1]""", "not a whole safetensors file")]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}""",
        "'a' lies outside the file"
    )]
    [InlineData(
        """{"a":{"dtype":"I8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"I8","shape":[2],"data_offsets":[1,3]}}""",
        "'b' lies over another tensor"
    )]
    public void A_header_of_another_program_that_is_not_in_order_is_refused(string header, string part)
    {
        File.WriteAllBytes(path, Bytes(header));

        var refused = Assert.Throws<InvalidDataException>(() => SafeTensorsFile.Read(path));

        Assert.StartsWith(path, refused.Message, StringComparison.Ordinal);
        Assert.Contains(part, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public void A_header_longer_than_its_file_is_refused_without_memory_for_it()
    {
        File.WriteAllBytes(path, [.. BitConverter.GetBytes(99_999_999L), .. "{\"a\":1}"u8]);
        Refused();

        var before = GC.GetAllocatedBytesForCurrentThread();
        var message = Refused();

        Assert.Contains("its header of 99999999 bytes ends beyond the file", message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);

        string Refused() => Assert.Throws<InvalidDataException>(() => SafeTensorsFile.Read(path)).Message;
    }

    [Fact]
    public void A_damaged_file_is_read_or_refused_and_nothing_else()
    {
        var bytes = Bytes(
            """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"I64","shape":[],"data_offsets":[4,12]}}""",
            12
        );
        Gen.Select(Gen.Int[0, bytes.Length - 1], Gen.Byte)
            .Array[1, 3]
            .Sample(
                changes =>
                {
                    var damaged = bytes.ToArray();
                    foreach (var (place, value) in changes)
                    {
                        damaged[place] = value;
                    }

                    File.WriteAllBytes(path, damaged);
                    try
                    {
                        SafeTensorsFile.Read(path);
                    }
                    catch (InvalidDataException refused)
                    {
                        Assert.StartsWith(path, refused.Message, StringComparison.Ordinal);
                        Assert.DoesNotContain('\n', refused.Message);
                    }
                },
                iter: 1000,
                threads: 1
            );
    }

    private static byte[] Bytes(string header, int data = 4) =>
        [.. BitConverter.GetBytes((long)header.Length), .. Encoding.UTF8.GetBytes(header), .. new byte[data]];
}
