using System.Buffers.Binary;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using VpcComApi.VirtualDisks;

namespace VpcComApi.VirtualMachines.Qemu.Disks;

/// <summary>
/// Gives QEMU a disk that it cannot read by itself: a differencing image with the images below it, such as an undo disk. QEMU reaches it by the Network
/// Block Device protocol over a Unix socket that only this user can open; one connection is taken, and requests are done one after another, in order. What
/// QEMU says is checked: a guest may have broken into it.
/// </summary>
internal sealed class DiskServer : IAsyncDisposable
{
    /// <summary>The most bytes of one request. QEMU is told so, and keeps to it.</summary>
    private const int MaxRequestLength = 4 << 20;

    /// <summary>The most bytes of one option's data; a name and a few numbers.</summary>
    private const int MaxOptionLength = 8192;

    private const int PreferredBlockSize = 4096;
    private const int RequestHeaderLength = 28;
    private const int ReplyHeaderLength = 16;
    private const int OptionHeaderLength = 16;

    private readonly VirtualDisk disk;
    private readonly string image;
    private readonly ILogger logger;
    private readonly Socket listener;
    private readonly CancellationTokenSource ending = new();
    private readonly Task serving;
    private bool failureLogged;

    private DiskServer(VirtualDisk disk, string image, Socket listener, ILogger logger)
    {
        this.disk = disk;
        this.image = image;
        this.listener = listener;
        this.logger = logger;
        serving = Task.Run(ServeAsync);
    }

    /// <summary>Opens a disk and its socket.</summary>
    /// <param name="image">The image that is written.</param>
    /// <param name="socketPath">The new socket's full path.</param>
    /// <param name="logger">Where failures go.</param>
    /// <exception cref="VirtualMachineException">The disk or the socket cannot be opened.</exception>
    public static DiskServer Open(string image, string socketPath, ILogger logger)
    {
        VirtualDisk? disk = null;
        Socket? listener = null;
        try
        {
            disk = VirtualDisk.Open(image, FileAccess.ReadWrite);
            listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            listener.Bind(new UnixDomainSocketEndPoint(socketPath));
            listener.Listen(1);
            return new DiskServer(disk, image, listener, logger);
        }
        catch (Exception e)
        {
            listener?.Dispose();
            disk?.Dispose();
            throw e is VirtualDiskException or IOException or UnauthorizedAccessException or SocketException
                ? new VirtualMachineException(VirtualMachineError.InvalidDiskFile, $"The disk {image} could not be opened for QEMU: {e.Message}", e)
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
            using Socket socket = await listener.AcceptAsync(ending.Token);
            listener.Dispose();
            await using NetworkStream stream = new(socket, ownsSocket: false);
            if (await NegotiateAsync(stream))
            {
                await TransmitAsync(stream);
            }
        }
        catch (OperationCanceledException)
        {
            // The machine has ended.
        }
        catch (Exception e) when (e is IOException or SocketException or InvalidDataException)
        {
            if (!ending.IsCancellationRequested)
            {
                QemuMachineLog.DiskServerFailed(logger, e, image, e.Message);
            }
        }
        finally
        {
            listener.Dispose();
            CloseDisk();
        }
    }

    private void CloseDisk()
    {
        try
        {
            disk.Flush();
        }
        catch (Exception e) when (e is VirtualDiskException or IOException)
        {
            QemuMachineLog.DiskServerFailed(logger, e, image, e.Message);
        }

        disk.Dispose();
    }

    /// <summary>Agrees on the one export there is.</summary>
    /// <returns>False when QEMU gave up.</returns>
    private async Task<bool> NegotiateAsync(NetworkStream stream)
    {
        byte[] greeting = new byte[18];
        BinaryPrimitives.WriteUInt64BigEndian(greeting, NbdProtocol.ServerMagic);
        BinaryPrimitives.WriteUInt64BigEndian(greeting.AsSpan(8), NbdProtocol.OptionMagic);
        BinaryPrimitives.WriteUInt16BigEndian(greeting.AsSpan(16), NbdProtocol.HandshakeFlags);
        await stream.WriteAsync(greeting, ending.Token);

        byte[] header = new byte[OptionHeaderLength];
        await stream.ReadExactlyAsync(header.AsMemory(0, sizeof(uint)), ending.Token);
        while (true)
        {
            await stream.ReadExactlyAsync(header, ending.Token);
            uint option = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(8));
            uint length = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(12));
            if (BinaryPrimitives.ReadUInt64BigEndian(header) != NbdProtocol.OptionMagic || length > MaxOptionLength)
            {
                throw new InvalidDataException("an option makes no sense");
            }

            await stream.ReadExactlyAsync(new byte[length], ending.Token);
            switch (option)
            {
                case NbdProtocol.OptionGo:
                    await AnswerAsync(stream, option, NbdProtocol.ReplyInformation, DescribeExport());
                    await AnswerAsync(stream, option, NbdProtocol.ReplyInformation, DescribeBlocks());
                    await AnswerAsync(stream, option, NbdProtocol.ReplyAcknowledge, []);
                    return true;
                case NbdProtocol.OptionAbort:
                    await AnswerAsync(stream, option, NbdProtocol.ReplyAcknowledge, []);
                    return false;
                default:
                    await AnswerAsync(stream, option, NbdProtocol.ReplyUnsupported, []);
                    break;
            }
        }
    }

    private byte[] DescribeExport()
    {
        byte[] text = new byte[12];
        BinaryPrimitives.WriteUInt16BigEndian(text, NbdProtocol.InformationExport);
        BinaryPrimitives.WriteInt64BigEndian(text.AsSpan(2), disk.Size);
        BinaryPrimitives.WriteUInt16BigEndian(text.AsSpan(10), NbdProtocol.TransmissionFlags);
        return text;
    }

    private static byte[] DescribeBlocks()
    {
        byte[] text = new byte[14];
        BinaryPrimitives.WriteUInt16BigEndian(text, NbdProtocol.InformationBlockSize);
        BinaryPrimitives.WriteInt32BigEndian(text.AsSpan(2), VirtualDiskLimits.SectorSize);
        BinaryPrimitives.WriteInt32BigEndian(text.AsSpan(6), PreferredBlockSize);
        BinaryPrimitives.WriteInt32BigEndian(text.AsSpan(10), MaxRequestLength);
        return text;
    }

    private async Task AnswerAsync(NetworkStream stream, uint option, uint type, byte[] data)
    {
        byte[] answer = new byte[20 + data.Length];
        BinaryPrimitives.WriteUInt64BigEndian(answer, NbdProtocol.OptionReplyMagic);
        BinaryPrimitives.WriteUInt32BigEndian(answer.AsSpan(8), option);
        BinaryPrimitives.WriteUInt32BigEndian(answer.AsSpan(12), type);
        BinaryPrimitives.WriteInt32BigEndian(answer.AsSpan(16), data.Length);
        data.CopyTo(answer, 20);
        await stream.WriteAsync(answer, ending.Token);
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
