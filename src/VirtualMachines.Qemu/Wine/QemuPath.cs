using System.ComponentModel;
using VpcComApi.Platform.Wine;

namespace VpcComApi.VirtualMachines.Qemu.Wine;

/// <summary>Converts paths for QEMU, which is a program of the Unix system below Wine.</summary>
internal static class QemuPath
{
    /// <summary>Returns the path for QEMU: the name in the Unix system under Wine, the same path everywhere else.</summary>
    /// <param name="path">A full path of this process; its last part need not exist.</param>
    /// <exception cref="VirtualMachineException">The Unix system below Wine has no such path.</exception>
    public static string Of(string path)
    {
        try
        {
            return WineHost.IsPresent ? WineHost.ToUnixPath(path) : path;
        }
        catch (Win32Exception e)
        {
            throw new VirtualMachineException(VirtualMachineError.BadPathName, $"The path '{path}' cannot be resolved: {e.Message}", e);
        }
    }
}
