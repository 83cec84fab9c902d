using System.ComponentModel;
using System.Runtime.InteropServices;
using VpcComApi.Platform.Windows;

namespace VpcComApi.ComServer.Security;

/// <summary>A security descriptor in the absolute form, the only one that CoInitializeSecurity takes.</summary>
internal readonly unsafe struct AbsoluteDescriptor
{
    private readonly nint block;

    private AbsoluteDescriptor(nint block) => this.block = block;

    /// <summary>Where the descriptor begins.</summary>
    public nint Address => block;

    /// <summary>Makes the absolute form.</summary>
    /// <param name="selfRelative">The other form, which stays its owner's.</param>
    public static AbsoluteDescriptor From(nint selfRelative)
    {
        uint descriptor = 0, dacl = 0, sacl = 0, owner = 0, group = 0;
        _ = Advapi32.MakeAbsoluteSD(selfRelative, 0, ref descriptor, 0, ref dacl, 0, ref sacl, 0, ref owner, 0, ref group);

        // One block for the five parts, each at a multiple of a pointer.
        uint daclAt = Align(descriptor), saclAt = daclAt + Align(dacl), ownerAt = saclAt + Align(sacl), groupAt = ownerAt + Align(owner);
        nint block = (nint)NativeMemory.AllocZeroed(groupAt + Align(group));
        if (!Advapi32.MakeAbsoluteSD(
            selfRelative,
            block, ref descriptor,
            block + (nint)daclAt, ref dacl,
            block + (nint)saclAt, ref sacl,
            block + (nint)ownerAt, ref owner,
            block + (nint)groupAt, ref group))
        {
            int error = Marshal.GetLastPInvokeError();
            NativeMemory.Free((void*)block);
            throw new Win32Exception(error);
        }

        return new AbsoluteDescriptor(block);
    }

    /// <summary>Frees the descriptor.</summary>
    public void Free() => NativeMemory.Free((void*)block);

    private static uint Align(uint size) => (size + (uint)sizeof(nint) - 1) & ~((uint)sizeof(nint) - 1);
}
