using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using VpcComApi.Platform.Windows;

namespace VpcComApi.ComServer.Verification;

/// <summary>What the checks ask Windows for.</summary>
internal static class VerificationNative
{
    /// <summary>Opens a pipe as the calling thread's user, and closes it again.</summary>
    /// <returns>0, or the error.</returns>
    internal static int TryOpenPipe(string name)
    {
        using SafeFileHandle pipe = Kernel32.CreateFile(
            name, Kernel32.GENERIC_READ | Kernel32.GENERIC_WRITE, 0, 0, Kernel32.OPEN_EXISTING, 0, 0);
        return pipe.IsInvalid ? Marshal.GetLastPInvokeError() : 0;
    }

    /// <summary>Opens a named event as a client does that waits for it and may reset it, and closes it again.</summary>
    /// <returns>0, or the error.</returns>
    internal static int TryOpenEvent(string name)
    {
        using SafeWaitHandle opened = Kernel32.OpenEvent(Kernel32.EVENT_MODIFY_STATE | Kernel32.SYNCHRONIZE, inherit: false, name);
        return opened.IsInvalid ? Marshal.GetLastPInvokeError() : 0;
    }

    /// <summary>The system's text for an error number.</summary>
    internal static string Describe(int error) => error == 0 ? "allowed" : $"{Marshal.GetPInvokeErrorMessage(error)} ({error})";

    /// <summary>Throws when a call has failed.</summary>
    /// <param name="succeeded">What the call returned.</param>
    /// <exception cref="Win32Exception">It has.</exception>
    internal static void ThrowIfFailed(bool succeeded)
    {
        if (!succeeded)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }
}
