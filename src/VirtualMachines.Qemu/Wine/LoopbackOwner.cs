using System.Globalization;
using System.Net;
using System.Net.Sockets;
using VpcComApi.Platform.Wine;

namespace VpcComApi.VirtualMachines.Qemu.Wine;

/// <summary>
/// Tells by the kernel's table of connections (proc(5), /proc/net/tcp) whether the two ends of a connection of this computer are one
/// user's.
/// </summary>
internal static class LoopbackOwner
{
    private static readonly string Table = WineHost.PathOfSystem("proc", "net", "tcp");

    private const int LocalField = 1;
    private const int RemoteField = 2;
    private const int UserField = 7;

    /// <summary>Whether the other end of an accepted connection belongs to the user that this end belongs to.</summary>
    /// <param name="accepted">A TCP connection over 127.0.0.1. One that has ended since has no ends any more, and is nobody's.</param>
    /// <exception cref="SocketException">The connection has ended.</exception>
    /// <exception cref="IOException">The table cannot be read.</exception>
    public static bool IsOurs(Socket accepted) =>
        accepted.LocalEndPoint is IPEndPoint here && accepted.RemoteEndPoint is IPEndPoint there
            && IsOneUsers(File.ReadLines(Table), here, there);

    /// <summary>Whether a table says that both ends of a connection are of one user.</summary>
    /// <param name="table">Its lines.</param>
    /// <param name="one">One end.</param>
    /// <param name="other">The other.</param>
    public static bool IsOneUsers(IEnumerable<string> table, IPEndPoint one, IPEndPoint other)
    {
        string first = Describe(one);
        string second = Describe(other);
        string? ownerOfFirst = null;
        string? ownerOfSecond = null;
        foreach (string[] fields in table.Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields.Length > UserField))
        {
            if (fields[LocalField] == first && fields[RemoteField] == second)
            {
                ownerOfFirst = fields[UserField];
            }
            else if (fields[LocalField] == second && fields[RemoteField] == first)
            {
                ownerOfSecond = fields[UserField];
            }
        }

        return ownerOfFirst is not null && ownerOfFirst == ownerOfSecond;
    }

    /// <summary>An address as the table writes it: the bytes as a number of the processor, which is little-endian here.</summary>
    private static string Describe(IPEndPoint end)
    {
        byte[] bytes = end.Address.GetAddressBytes();
        return string.Create(CultureInfo.InvariantCulture, $"{BitConverter.ToUInt32(bytes):X8}:{end.Port:X4}");
    }
}
