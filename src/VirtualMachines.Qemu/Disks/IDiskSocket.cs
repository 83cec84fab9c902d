using System.Net.Sockets;
using System.Text.Json;

namespace VpcComApi.VirtualMachines.Qemu.Disks;

/// <summary>Where QEMU reaches a disk that our process reads and writes.</summary>
internal interface IDiskSocket : IDisposable
{
    /// <summary>The export's name, which a client must know.</summary>
    string Export { get; }

    /// <summary>
    /// Whether <see cref="Export"/> is what keeps other programs from the disk. QEMU's command line, which every user of the computer may
    /// read, must not have it then.
    /// </summary>
    bool IsSecret { get; }

    /// <summary>Writes the members of QEMU's block node that lead here.</summary>
    /// <param name="json">Where they go.</param>
    void WriteServer(Utf8JsonWriter json);

    /// <summary>Waits for a program of this user that connects.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SocketException">The socket has failed.</exception>
    /// <exception cref="IOException">The system does not say whose program it is.</exception>
    Task<Socket> AcceptAsync(CancellationToken cancellationToken);
}
