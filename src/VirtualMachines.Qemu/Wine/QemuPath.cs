using System.ComponentModel;
using VpcComApi.Platform.Wine;

namespace VpcComApi.VirtualMachines.Qemu.Wine;

/// <summary>How QEMU, which is a program of the system beneath Wine, names a file.</summary>
internal static class QemuPath
{
    /// <summary>A path as QEMU needs it: the system's own name of a file under Wine, the same path everywhere else.</summary>
    /// <param name="path">A full path of this process; its last part need not exist.</param>
    /// <exception cref="VirtualMachineException">The system beneath Wine has no such path.</exception>
    public static string Of(string path)
    {
        try
        {
            return WineHost.IsPresent ? WineHost.ToUnixPath(path) : path;
        }
        catch (Win32Exception e)
        {
            throw new VirtualMachineException(VirtualMachineError.BadPathName, $"The path '{path}' leads nowhere: {e.Message}", e);
        }
    }
}
