using System.Buffers.Binary;
using System.Net.Sockets;

namespace VpcComApi.ChannelBench.Load;

/// <summary>A request of the client to the server. A connection transfers several, one after the other.</summary>
/// <param name="Kind">The operation.</param>
/// <param name="WriteSize">Bytes in one write; the size of a message where messages are sent back.</param>
/// <param name="Total">Bytes in all.</param>
internal readonly record struct LoadRequest(LoadKind Kind, int WriteSize, long Total)
{
    private const int Length = 16;

    /// <summary>Sends the request.</summary>
    public void Send(Socket socket)
    {
        Span<byte> bytes = stackalloc byte[Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, (int)Kind);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[4..], WriteSize);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], Total);
        SocketBytes.Send(socket, bytes);
    }

    /// <summary>Reads the next request, or nothing when the client has closed the connection.</summary>
    public static LoadRequest? Receive(Socket socket)
    {
        Span<byte> bytes = stackalloc byte[Length];
        return SocketBytes.TryReceive(socket, bytes)
            ? new LoadRequest(
                (LoadKind)BinaryPrimitives.ReadInt32LittleEndian(bytes),
                BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]),
                BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]))
            : null;
    }
}
