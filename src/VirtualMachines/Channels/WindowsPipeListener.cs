using System.IO.Pipes;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using VpcComApi.Platform.Windows;

namespace VpcComApi.VirtualMachines.Channels;

/// <summary>
/// The listener as a Windows named pipe. .NET's own server stream never rejects remote clients, and fails when a client has come, written
/// and gone before the wait for it began; so the pipe is created and connected here, and the stream is made around it afterwards.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed class WindowsPipeListener : HostPipeListener
{
    private readonly SafePipeHandle pipe;
    private readonly CancellationTokenSource ended = new();
    private WindowsPipeStream? stream;

    /// <summary>Creates the pipe.</summary>
    internal WindowsPipeListener(PipeName name)
        : base(name)
    {
        using OwnerAccess access = new();
        pipe = Kernel32.CreateNamedPipe(
            name.FullName,
            Kernel32.PIPE_ACCESS_DUPLEX | Kernel32.FILE_FLAG_OVERLAPPED | Kernel32.FILE_FLAG_FIRST_PIPE_INSTANCE,
            Kernel32.PIPE_TYPE_BYTE | Kernel32.PIPE_REJECT_REMOTE_CLIENTS,
            maximumInstances: 1,
            BufferSize,
            BufferSize,
            defaultTimeout: 0,
            access.SecurityAttributes);
        if (pipe.IsInvalid)
        {
            int error = Marshal.GetLastPInvokeError();
            pipe.Dispose();

            // "Access denied" is how Windows refuses the first instance of a pipe that has one.
            throw error is WindowsError.ERROR_ACCESS_DENIED or WindowsError.ERROR_PIPE_BUSY
                ? NameInUse(name)
                : Refused(name, Marshal.GetPInvokeErrorMessage(error));
        }
    }

    /// <inheritdoc/>
    internal override bool IsClientGone => stream is not { IsClientGone: false };

    /// <inheritdoc/>
    internal override async Task<Stream> AcceptAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, ended.Token);
        await ConnectAsync(giveUp.Token);
        stream = new WindowsPipeStream(new NamedPipeServerStream(PipeDirection.InOut, isAsync: true, isConnected: true, pipe));
        return stream;
    }

    /// <inheritdoc/>
    internal override void CompleteWriting()
    {
    }

    /// <inheritdoc/>
    internal override void Disconnect()
    {
        if (!pipe.IsClosed)
        {
            Kernel32.DisconnectNamedPipe(pipe);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        ended.Cancel();
        stream?.Dispose();
        pipe.Dispose();
    }

    /// <summary>Starts the wait at once, so that it is under way when this method returns its task.</summary>
    private unsafe Task ConnectAsync(CancellationToken cancellationToken)
    {
        ManualResetEvent connected = new(initialState: false);
        NativeOverlapped* overlapped = (NativeOverlapped*)NativeMemory.AllocZeroed((nuint)sizeof(NativeOverlapped));
        overlapped->EventHandle = connected.SafeWaitHandle.DangerousGetHandle();

        // The system writes to that memory until the wait has ended, so the handle must stay open until then.
        bool held = false;
        pipe.DangerousAddRef(ref held);
        nint handle = pipe.DangerousGetHandle();

        int error = Kernel32.ConnectNamedPipe(handle, overlapped) ? 0 : Marshal.GetLastPInvokeError();
        if (error != WindowsError.ERROR_IO_PENDING)
        {
            Release((nint)overlapped);
            return IsConnected(error) ? Task.CompletedTask : Task.FromException(NotConnected(error));
        }

        TaskCompletionSource completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        nint pending = (nint)overlapped;
        CancellationTokenRegistration cancellation =
            cancellationToken.UnsafeRegister(_ => Kernel32.CancelIoEx(handle, (NativeOverlapped*)pending), null);
        ThreadPool.UnsafeRegisterWaitForSingleObject(connected, (_, _) => Finish(), null, Timeout.Infinite, executeOnlyOnce: true);
        return completion.Task;

        void Finish()
        {
            // No cancelling call may still be looking at the memory that is released next.
            cancellation.Dispose();
            int result = Kernel32.GetOverlappedResult(handle, (NativeOverlapped*)pending, out uint _, wait: false)
                ? 0
                : Marshal.GetLastPInvokeError();
            Release(pending);
            if (IsConnected(result))
            {
                completion.SetResult();
            }
            else if (result == WindowsError.ERROR_OPERATION_ABORTED)
            {
                completion.SetCanceled(cancellationToken);
            }
            else
            {
                completion.SetException(NotConnected(result));
            }
        }

        void Release(nint memory)
        {
            NativeMemory.Free((void*)memory);
            connected.Dispose();
            pipe.DangerousRelease();
        }
    }

    /// <summary>A client that has closed its end again (ERROR_NO_DATA) was a client: the bytes it wrote are there to be read.</summary>
    private static bool IsConnected(int error) => error is 0 or WindowsError.ERROR_PIPE_CONNECTED or WindowsError.ERROR_NO_DATA;

    private IOException NotConnected(int error) =>
        new(
            $"The wait for a client of the pipe {Name.FullName} failed: "
                + $"{Marshal.GetPInvokeErrorMessage(error)}", WindowsError.HResultOf(error));
}
