using System.Net.Sockets;
using System.Text.Json;

namespace VpcComApi.VirtualMachines.Qemu.Disks;

/// <summary>The socket over which QEMU uses a disk that this process reads and writes.</summary>
internal interface IDiskSocket : IDisposable
{
    /// <summary>The export's name, which a client must send.</summary>
    string Export { get; }

    /// <summary>
    /// Whether <see cref="Export"/> is a secret that protects the disk from other programs. Then it must not be in QEMU's command line,
    /// which every user of the computer may read.
    /// </summary>
    bool IsSecret { get; }

    /// <summary>Writes the members of QEMU's block node that refer to this socket.</summary>
    /// <param name="json">Receives the JSON.</param>
    void WriteServer(Utf8JsonWriter json);

    /// <summary>Waits until a program of this user connects.</summary>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="SocketException">The socket has failed.</exception>
    /// <exception cref="IOException">The user of a client cannot be determined.</exception>
    Task<Socket> AcceptAsync(CancellationToken cancellationToken);
}
