using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using VpcComApi.VirtualDisks;

namespace VpcComApi.VirtualMachines.Qemu.Disks;

/// <summary>The server's side of the protocol's beginning: a client names the one export there is, and gets its size.</summary>
internal static class NbdHandshake
{
    /// <summary>The most bytes of one option's data; a name and a few numbers.</summary>
    private const int MaxOptionLength = 8192;

    private const int PreferredBlockSize = 4096;
    private const int OptionHeaderLength = 16;

    /// <summary>Agrees with a client.</summary>
    /// <param name="stream">The connection.</param>
    /// <param name="export">The export's name.</param>
    /// <param name="size">The disk's size in bytes.</param>
    /// <param name="maxRequestLength">The most bytes of one request.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>False when the client gave up.</returns>
    /// <exception cref="InvalidDataException">It said what makes no sense, or does not know the name; that is all it may try.</exception>
    /// <exception cref="IOException">It has gone.</exception>
    public static async Task<bool> AgreeAsync(
        Stream stream, string export, long size, int maxRequestLength, CancellationToken cancellationToken)
    {
        byte[] greeting = new byte[18];
        BinaryPrimitives.WriteUInt64BigEndian(greeting, NbdProtocol.ServerMagic);
        BinaryPrimitives.WriteUInt64BigEndian(greeting.AsSpan(8), NbdProtocol.OptionMagic);
        BinaryPrimitives.WriteUInt16BigEndian(greeting.AsSpan(16), NbdProtocol.HandshakeFlags);
        await stream.WriteAsync(greeting, cancellationToken);

        byte[] header = new byte[OptionHeaderLength];
        await stream.ReadExactlyAsync(header.AsMemory(0, sizeof(uint)), cancellationToken);
        while (true)
        {
            await stream.ReadExactlyAsync(header, cancellationToken);
            uint option = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(8));
            uint length = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(12));
            if (BinaryPrimitives.ReadUInt64BigEndian(header) != NbdProtocol.OptionMagic || length > MaxOptionLength)
            {
                throw new InvalidDataException("an option makes no sense");
            }

            byte[] data = new byte[length];
            await stream.ReadExactlyAsync(data, cancellationToken);
            switch (option)
            {
                case NbdProtocol.OptionGo when Names(data, export):
                    await AnswerAsync(stream, option, NbdProtocol.ReplyInformation, DescribeExport(size), cancellationToken);
                    await AnswerAsync(stream, option, NbdProtocol.ReplyInformation, DescribeBlocks(maxRequestLength), cancellationToken);
                    await AnswerAsync(stream, option, NbdProtocol.ReplyAcknowledge, [], cancellationToken);
                    return true;
                case NbdProtocol.OptionGo:
                    await AnswerAsync(stream, option, NbdProtocol.ReplyUnknownExport, [], cancellationToken);
                    throw new InvalidDataException("it asked for another export");
                case NbdProtocol.OptionAbort:
                    await AnswerAsync(stream, option, NbdProtocol.ReplyAcknowledge, [], cancellationToken);
                    return false;
                default:
                    await AnswerAsync(stream, option, NbdProtocol.ReplyUnsupported, [], cancellationToken);
                    break;
            }
        }
    }

    /// <summary>
    /// Whether an option's data begin with the export's name and its length. Takes as long for a name that is nearly right as for any other
    /// of that length.
    /// </summary>
    private static bool Names(ReadOnlySpan<byte> data, string export) =>
        data.Length >= sizeof(uint)
        && BinaryPrimitives.ReadUInt32BigEndian(data) is uint length && length <= data.Length - sizeof(uint)
        && CryptographicOperations.FixedTimeEquals(data.Slice(sizeof(uint), (int)length), Encoding.UTF8.GetBytes(export));

    private static byte[] DescribeExport(long size)
    {
        byte[] text = new byte[12];
        BinaryPrimitives.WriteUInt16BigEndian(text, NbdProtocol.InformationExport);
        BinaryPrimitives.WriteInt64BigEndian(text.AsSpan(2), size);
        BinaryPrimitives.WriteUInt16BigEndian(text.AsSpan(10), NbdProtocol.TransmissionFlags);
        return text;
    }

    private static byte[] DescribeBlocks(int maxRequestLength)
    {
        byte[] text = new byte[14];
        BinaryPrimitives.WriteUInt16BigEndian(text, NbdProtocol.InformationBlockSize);
        BinaryPrimitives.WriteInt32BigEndian(text.AsSpan(2), VirtualDiskLimits.SectorSize);
        BinaryPrimitives.WriteInt32BigEndian(text.AsSpan(6), PreferredBlockSize);
        BinaryPrimitives.WriteInt32BigEndian(text.AsSpan(10), maxRequestLength);
        return text;
    }

    private static async Task AnswerAsync(Stream stream, uint option, uint type, byte[] data, CancellationToken cancellationToken)
    {
        byte[] answer = new byte[20 + data.Length];
        BinaryPrimitives.WriteUInt64BigEndian(answer, NbdProtocol.OptionReplyMagic);
        BinaryPrimitives.WriteUInt32BigEndian(answer.AsSpan(8), option);
        BinaryPrimitives.WriteUInt32BigEndian(answer.AsSpan(12), type);
        BinaryPrimitives.WriteInt32BigEndian(answer.AsSpan(16), data.Length);
        data.CopyTo(answer, 20);
        await stream.WriteAsync(answer, cancellationToken);
    }
}
