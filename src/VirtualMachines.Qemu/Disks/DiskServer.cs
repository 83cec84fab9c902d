using System.Buffers.Binary;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using VpcComApi.VirtualDisks;

namespace VpcComApi.VirtualMachines.Qemu.Disks;

/// <summary>
/// Gives QEMU a disk that it cannot read by itself: a dynamic image, or a differencing one with the images below it, such as an undo disk.
/// QEMU reaches it by the Network Block Device protocol over a socket that nobody else can use; one connection is taken, and requests are
/// done one after another, in order. What QEMU says is checked: a guest may have broken into it.
/// </summary>
internal sealed class DiskServer : IAsyncDisposable
{
    /// <summary>The most bytes of one request. QEMU gets this limit and keeps to it.</summary>
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

    /// <summary>Where QEMU reaches the disk.</summary>
    public IDiskSocket Socket { get; }

    /// <summary>Opens a disk.</summary>
    /// <param name="image">The image that is written.</param>
    /// <param name="socket">Where QEMU reaches it; the server closes it.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="logger">Where failures go.</param>
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

    /// <summary>Takes the disk away from QEMU, which has ended, and closes it. What was written is on the disk of the host.</summary>
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
            DiskCallers callers = new(
                Socket,
                (stream, limit) => NbdHandshake.AgreeAsync(stream, Socket.Export, disk.Size, MaxRequestLength, limit),
                image,
                timeProvider,
                logger);
            using Socket qemu = await callers.FindAsync(ending.Token);
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
            // Also what nobody expected ends this disk alone: the machine's other disks are served on, and closed at its end.
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

        // The reply's header and its data leave in one piece.
        byte[] buffer = new byte[ReplyHeaderLength + MaxRequestLength];
        BinaryPrimitives.WriteUInt32BigEndian(buffer, NbdProtocol.ReplyMagic);
        while (await stream.ReadAtLeastAsync(request, RequestHeaderLength, throwOnEndOfStream: false, ending.Token) == RequestHeaderLength)
        {
            ushort command = BinaryPrimitives.ReadUInt16BigEndian(request.AsSpan(6));
            long offset = BinaryPrimitives.ReadInt64BigEndian(request.AsSpan(16));
            uint length = BinaryPrimitives.ReadUInt32BigEndian(request.AsSpan(24));
            if (BinaryPrimitives.ReadUInt32BigEndian(request) != NbdProtocol.RequestMagic || length > MaxRequestLength)
            {
                throw new InvalidDataException("a request makes no sense");
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

    /// <summary>Does one request.</summary>
    /// <returns>0, or the protocol's error, which becomes the guest's.</returns>
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
