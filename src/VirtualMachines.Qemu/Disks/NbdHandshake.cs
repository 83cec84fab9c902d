using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using VpcComApi.VirtualDisks;

namespace VpcComApi.VirtualMachines.Qemu.Disks;

/// <summary>The server's side of the protocol's handshake: a client names the only export, and gets its size.</summary>
internal static class NbdHandshake
{
    /// <summary>The most bytes of one option's data, which are a name and a few numbers.</summary>
    private const int MaxOptionLength = 8192;

    private const int PreferredBlockSize = 4096;
    private const int OptionHeaderLength = 16;

    /// <summary>Runs the handshake with a client.</summary>
    /// <param name="stream">The connection.</param>
    /// <param name="export">The export's name.</param>
    /// <param name="size">The disk's size in bytes.</param>
    /// <param name="maxRequestLength">The most bytes of one request.</param>
    /// <param name="cancellationToken">Cancels the handshake.</param>
    /// <returns>False when the client has aborted the handshake.</returns>
    /// <exception cref="InvalidDataException">It has sent an invalid message or a wrong name. It gets no second attempt.</exception>
    /// <exception cref="IOException">It has disconnected.</exception>
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
                throw new InvalidDataException("an option is invalid");
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
                    throw new InvalidDataException("it requested another export");
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
    /// Whether an option's data begin with the export's name and its length. The time does not depend on how many characters of the name
    /// are correct.
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
