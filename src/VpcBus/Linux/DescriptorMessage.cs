using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using VpcComApi.Platform.Linux;

namespace VpcComApi.VpcBus.Linux;

/// <summary>
/// One byte on a Unix socket with file descriptors attached (SCM_RIGHTS). Only the process at the other end receives them.
/// </summary>
[SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "Handed to the caller, or disposed with the "
    + "list.")]
internal static unsafe class DescriptorMessage
{
    /// <summary>The most descriptors that are received with a message; the system closes further ones.</summary>
    private const int MaxDescriptors = 4;

    private const int SolSocket = 1;
    private const int ScmRights = 1;

    /// <summary>The system's <c>cmsghdr</c>: u64 length with this header, i32 level, i32 type.</summary>
    private const int ControlHeaderLength = 16;

    /// <summary>Sends the byte and the descriptors.</summary>
    /// <returns>False when the socket does not accept them now, or not at all.</returns>
    public static bool TrySend(SafeHandle socket, byte content, ReadOnlySpan<SafeDescriptor> descriptors)
    {
        int controlLength = ControlHeaderLength + (descriptors.Length * sizeof(int));
        int aligned = (controlLength + 7) & ~7;
        byte* control = stackalloc byte[aligned];
        new Span<byte>(control, aligned).Clear();
        *(ulong*)control = (ulong)controlLength;
        ((int*)control)[2] = SolSocket;
        ((int*)control)[3] = ScmRights;
        for (int n = 0; n < descriptors.Length; n++)
        {
            ((int*)(control + ControlHeaderLength))[n] = descriptors[n].Number;
        }

        Libc.Block block = new() { Bytes = &content, Length = 1 };
        Libc.MessageHeader message = new()
        {
            Blocks = &block,
            BlockCount = 1,
            Control = descriptors.IsEmpty ? null : control,
            ControlLength = descriptors.IsEmpty ? 0 : (nuint)aligned,
        };
        return Libc.sendmsg(socket, &message, Libc.MSG_DONTWAIT | Libc.MSG_NOSIGNAL) == 1;
    }

    /// <summary>Receives one byte and the descriptors attached to it. Does not wait.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="content">The byte.</param>
    /// <param name="descriptors">The descriptors; the caller disposes them.</param>
    /// <returns>False when there was no byte.</returns>
    public static bool TryReceive(SafeHandle socket, out byte content, out List<SafeDescriptor> descriptors)
    {
        const int ControlLength = ControlHeaderLength + (MaxDescriptors * sizeof(int));
        byte* control = stackalloc byte[ControlLength];
        byte received = 0;
        Libc.Block block = new() { Bytes = &received, Length = 1 };
        Libc.MessageHeader message = new() { Blocks = &block, BlockCount = 1, Control = control, ControlLength = ControlLength };
        nint length = Libc.recvmsg(socket, &message, Libc.MSG_DONTWAIT | Libc.MSG_CMSG_CLOEXEC);
        content = received;
        descriptors = [];
        if (length != 1)
        {
            return false;
        }

        if (message.ControlLength >= ControlHeaderLength && ((int*)control)[2] == SolSocket && ((int*)control)[3] == ScmRights)
        {
            int attached = ((int)*(ulong*)control - ControlHeaderLength) / sizeof(int);
            for (int n = 0; n < Math.Min(attached, MaxDescriptors); n++)
            {
                descriptors.Add(new SafeDescriptor(((int*)(control + ControlHeaderLength))[n]));
            }
        }

        return true;
    }
}
