using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json;
using VpcComApi.VirtualMachines.Qemu.Disks;

namespace VpcComApi.VirtualMachines.Qemu.Wine;

/// <summary>
/// A TCP port of 127.0.0.1 at which QEMU reaches a disk, because Wine has no Unix sockets. Only connections of this user's programs are
/// accepted, and only if they send the export's name, which is random and known only to QEMU.
/// </summary>
internal sealed class LoopbackDiskSocket : IDiskSocket
{
    /// <summary>Bytes of the name: too many to guess it.</summary>
    private const int KeyLength = 32;

    private readonly LoopbackListener listener = new();

    /// <inheritdoc/>
    public string Export { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(KeyLength));

    /// <inheritdoc/>
    public bool IsSecret => true;

    /// <summary>The port's number.</summary>
    public int Port => listener.Port;

    /// <inheritdoc/>
    public void WriteServer(Utf8JsonWriter json)
    {
        json.WriteStartObject("server");
        json.WriteString("type", "inet");
        json.WriteString("host", "127.0.0.1");
        json.WriteString("port", Port.ToString(CultureInfo.InvariantCulture));
        json.WriteEndObject();
        json.WriteString("export", Export);
    }

    /// <inheritdoc/>
    public Task<Socket> AcceptAsync(CancellationToken cancellationToken) => listener.AcceptAsync(cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => listener.Dispose();
}
