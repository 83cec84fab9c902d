using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using VpcComApi.Platform.Windows;

namespace VpcComApi.VirtualMachines.Channels;

/// <summary>
/// The ready event as a named Windows event. Whoever comes first creates it: this process with access for its user, or a client with
/// whatever access its token gives by default. No more than waiting and setting is asked for, so that an event with narrow access still
/// serves.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed class NamedReadyEvent : IReadyEvent
{
    private readonly EventWaitHandle handle;
    private volatile bool isSet;

    /// <summary>Creates or opens the event, and resets it.</summary>
    /// <param name="name">The whole name, <c>Local\</c> included.</param>
    /// <exception cref="IOException">The system refused.</exception>
    internal NamedReadyEvent(string name)
    {
        using OwnerAccess access = new();
        SafeWaitHandle opened = Kernel32.CreateEventEx(
            access.SecurityAttributes,
            name,
            Kernel32.CREATE_EVENT_MANUAL_RESET,
            Kernel32.EVENT_MODIFY_STATE | Kernel32.SYNCHRONIZE);
        if (opened.IsInvalid)
        {
            int error = Marshal.GetLastPInvokeError();
            opened.Dispose();
            throw new IOException(
                $"The event {name} could not be created or opened: {Marshal.GetPInvokeErrorMessage(error)}", WindowsError.HResultOf(error));
        }

        handle = new EventWaitHandle(initialState: false, EventResetMode.ManualReset);
        handle.SafeWaitHandle.Dispose();
        handle.SafeWaitHandle = opened;

        // A client may have left it set, or another host process of this user may have died without resetting it.
        Reset();
    }

    /// <inheritdoc/>
    public bool IsSet => isSet;

    /// <inheritdoc/>
    public void Set()
    {
        isSet = true;
        handle.Set();
    }

    /// <inheritdoc/>
    public void Reset()
    {
        isSet = false;
        handle.Reset();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!handle.SafeWaitHandle.IsClosed)
        {
            Reset();
            handle.Dispose();
        }
    }
}
