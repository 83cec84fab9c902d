using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Principal;
using VpcComApi.Platform.Windows;

namespace VpcComApi.VirtualMachines.Channels;

/// <summary>
/// The access that pipes and events get on Windows: full for this process's user, administrators and SYSTEM, none for others. The medium
/// label lets a plain client of the same user in when this process is elevated; without it such an object is closed to writing from below.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed class OwnerAccess : IDisposable
{
    private nint descriptor;

    /// <summary>Builds the security descriptor.</summary>
    internal OwnerAccess()
    {
        using WindowsIdentity identity = WindowsIdentity.GetCurrent();
        string user = identity.User?.Value ?? throw new InvalidOperationException("This process's user has no security identifier.");
        string text = $"D:P(A;;GA;;;{user})(A;;GA;;;BA)(A;;GA;;;SY)S:(ML;;NW;;;ME)";
        if (!Advapi32.ConvertStringSecurityDescriptorToSecurityDescriptor(text, Advapi32.SDDL_REVISION_1, out descriptor, 0))
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>
    /// The descriptor in the form that creating calls take. Valid until this object is disposed; handles are not inherited.
    /// </summary>
    internal SecurityAttributes SecurityAttributes
    {
        get
        {
            ObjectDisposedException.ThrowIf(descriptor == 0, this);
            return new SecurityAttributes { Length = Marshal.SizeOf<SecurityAttributes>(), SecurityDescriptor = descriptor };
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Kernel32.LocalFree(descriptor);
        descriptor = 0;
    }
}
