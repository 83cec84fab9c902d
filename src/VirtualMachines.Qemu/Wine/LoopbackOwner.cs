using System.Globalization;
using System.Net;
using System.Net.Sockets;
using VpcComApi.Platform.Wine;

namespace VpcComApi.VirtualMachines.Qemu.Wine;

/// <summary>
/// Determines with the kernel's table of connections (proc(5), /proc/net/tcp) whether both ends of a local connection belong to the same
/// user.
/// </summary>
internal static class LoopbackOwner
{
    private static readonly string Table = WineHost.PathOfSystem("proc", "net", "tcp");

    private const int LocalField = 1;
    private const int RemoteField = 2;
    private const int UserField = 7;

    /// <summary>Whether the other end of an accepted connection belongs to the same user as this end.</summary>
    /// <param name="accepted">A TCP connection over 127.0.0.1. One that has ended since has no owner.</param>
    /// <exception cref="SocketException">The connection has ended.</exception>
    /// <exception cref="IOException">The table cannot be read.</exception>
    public static bool IsOurs(Socket accepted) =>
        accepted.LocalEndPoint is IPEndPoint here && accepted.RemoteEndPoint is IPEndPoint there
            && IsOneUsers(File.ReadLines(Table), here, there);

    /// <summary>Whether both ends of a connection belong to the same user according to a table.</summary>
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

    /// <summary>
    /// Formats an address as in the table: its bytes as a number in the processor's byte order, which is little-endian here.
    /// </summary>
    private static string Describe(IPEndPoint end)
    {
        byte[] bytes = end.Address.GetAddressBytes();
        return string.Create(CultureInfo.InvariantCulture, $"{BitConverter.ToUInt32(bytes):X8}:{end.Port:X4}");
    }
}
