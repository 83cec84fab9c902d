using System.Buffers.Binary;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using VpcComApi.VirtualDisks;

namespace VpcComApi.VirtualMachines.Qemu.Disks;

/// <summary>
/// Serves a disk to QEMU that QEMU cannot read by itself: a dynamic image, or a differencing one with its parents, such as an undo disk.
/// QEMU uses the Network Block Device protocol over a socket that no other program can use; one connection is accepted, and requests are
/// executed one after another, in order. What QEMU sends is checked, because a guest may have taken control of QEMU.
/// </summary>
internal sealed class DiskServer : IAsyncDisposable
{
    /// <summary>The most bytes of one request. QEMU is informed of this limit and complies with it.</summary>
    private const int MaxRequestLength = 4 << 20;

    private const int RequestHeaderLength = 28;
    private const int ReplyHeaderLength = 16;

    private readonly VirtualDisk disk;
    private readonly string image;
    private readonly TimeProvider timeProvider;
    private readonly ILogger logger;
    private readonly CancellationTokenSource ending = new();
    private readonly Task serving;
    private bool failureLogged;

    private DiskServer(VirtualDisk disk, string image, IDiskSocket socket, TimeProvider timeProvider, ILogger logger)
    {
        this.disk = disk;
        this.image = image;
        Socket = socket;
        this.timeProvider = timeProvider;
        this.logger = logger;
        serving = Task.Run(ServeAsync);
    }

    /// <summary>The socket for QEMU.</summary>
    public IDiskSocket Socket { get; }

    /// <summary>Opens a disk.</summary>
    /// <param name="image">The image.</param>
    /// <param name="socket">The socket for QEMU; the server closes it.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="logger">Receives log messages about failures.</param>
    /// <exception cref="VirtualMachineException">The disk cannot be opened.</exception>
    public static DiskServer Open(string image, IDiskSocket socket, TimeProvider timeProvider, ILogger logger)
    {
        try
        {
            return new DiskServer(VirtualDisk.Open(image, FileAccess.ReadWrite), image, socket, timeProvider, logger);
        }
        catch (Exception e)
        {
            socket.Dispose();
            throw e is VirtualDiskException or IOException or UnauthorizedAccessException
                ? new VirtualMachineException(
                    VirtualMachineError.InvalidDiskFile, $"The disk {image} could not be opened for QEMU: {e.Message}", e)
                : e;
        }
    }

    /// <summary>Closes the disk after QEMU has ended. When this returns, everything written is on the host's disk.</summary>
    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await serving;
        ending.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            DiskClients clients = new(
                Socket,
                (stream, limit) => NbdHandshake.AgreeAsync(stream, Socket.Export, disk.Size, MaxRequestLength, limit),
                image,
                timeProvider,
                logger);
            using Socket qemu = await clients.FindAsync(ending.Token);
            Socket.Dispose();
            await using NetworkStream stream = new(qemu, ownsSocket: false);
            await TransmitAsync(stream);
        }
        catch (OperationCanceledException)
        {
            // The machine has ended.
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // An unexpected failure too ends only this disk: the machine's other disks are still served, and are closed at its end.
            if (!ending.IsCancellationRequested)
            {
                QemuMachineLog.DiskServerFailed(logger, e, image, e.Message);
            }
        }
        finally
        {
            Socket.Dispose();
            CloseDisk();
        }
    }

    private void CloseDisk()
    {
        try
        {
            using (disk)
            {
                disk.Flush();
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            QemuMachineLog.DiskServerFailed(logger, e, image, e.Message);
        }
    }

    private async Task TransmitAsync(NetworkStream stream)
    {
        byte[] request = new byte[RequestHeaderLength];

        // The reply's header and its data are sent together.
        byte[] buffer = new byte[ReplyHeaderLength + MaxRequestLength];
        BinaryPrimitives.WriteUInt32BigEndian(buffer, NbdProtocol.ReplyMagic);
        while (await stream.ReadAtLeastAsync(request, RequestHeaderLength, throwOnEndOfStream: false, ending.Token) == RequestHeaderLength)
        {
            ushort command = BinaryPrimitives.ReadUInt16BigEndian(request.AsSpan(6));
            long offset = BinaryPrimitives.ReadInt64BigEndian(request.AsSpan(16));
            uint length = BinaryPrimitives.ReadUInt32BigEndian(request.AsSpan(24));
            if (BinaryPrimitives.ReadUInt32BigEndian(request) != NbdProtocol.RequestMagic || length > MaxRequestLength)
            {
                throw new InvalidDataException("a request is invalid");
            }

            if (command == NbdProtocol.CommandDisconnect)
            {
                return;
            }

            Memory<byte> data = buffer.AsMemory(ReplyHeaderLength, (int)length);
            if (command == NbdProtocol.CommandWrite)
            {
                await stream.ReadExactlyAsync(data, ending.Token);
            }

            uint error = Execute(command, offset, data.Span);
            BinaryPrimitives.WriteUInt32BigEndian(buffer.AsSpan(4), error);
            request.AsSpan(8, sizeof(ulong)).CopyTo(buffer.AsSpan(8));
            bool bringsData = command == NbdProtocol.CommandRead && error == 0;
            await stream.WriteAsync(buffer.AsMemory(0, ReplyHeaderLength + (bringsData ? (int)length : 0)), ending.Token);
        }
    }

    /// <summary>Executes one request.</summary>
    /// <returns>0, or the protocol's error code, which the guest gets.</returns>
    private uint Execute(ushort command, long offset, Span<byte> data)
    {
        try
        {
            switch (command)
            {
                case NbdProtocol.CommandRead:
                    disk.Read(offset, data);
                    return 0;
                case NbdProtocol.CommandWrite:
                    disk.Write(offset, data);
                    return 0;
                case NbdProtocol.CommandFlush:
                    disk.Flush();
                    return 0;
                default:
                    return NbdProtocol.ErrorInvalid;
            }
        }
        catch (ArgumentOutOfRangeException)
        {
            return NbdProtocol.ErrorInvalid;
        }
        catch (Exception e) when (e is VirtualDiskException or IOException)
        {
            if (!failureLogged)
            {
                failureLogged = true;
                QemuMachineLog.DiskServerFailed(logger, e, image, e.Message);
            }

            return e is VirtualDiskException { Error: VirtualDiskError.DiskFull } ? NbdProtocol.ErrorNoSpace : NbdProtocol.ErrorInputOutput;
        }
    }
}
