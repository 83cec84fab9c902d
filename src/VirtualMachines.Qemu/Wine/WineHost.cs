using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace VpcComApi.VirtualMachines.Qemu.Wine;

/// <summary>Whether this is a Windows program under Wine, and how the system beneath, whose QEMU we use, names a file.</summary>
internal static partial class WineHost
{
    /// <summary>Where Wine shows the root of the system beneath.</summary>
    public const string UnixRoot = @"Z:\";

    /// <summary>Whether Wine is there (https://gitlab.winehq.org/wine/wine/-/wikis/Developer-FAQ: it alone has this export).</summary>
    [SupportedOSPlatformGuard("windows")]
    public static bool IsPresent { get; } =
        OperatingSystem.IsWindows() && NativeLibrary.TryLoad("ntdll", out nint library)
            && NativeLibrary.TryGetExport(library, "wine_get_version", out _);

    /// <summary>The path by which this process sees a file of the system itself, beneath Wine where that is there.</summary>
    /// <param name="parts">Its folders from the root on, and its name.</param>
    public static string PathOfSystem(params ReadOnlySpan<string> parts) => Path.Combine([IsPresent ? UnixRoot : "/", .. parts]);

    /// <summary>A path as QEMU needs it: the system's own name of a file under Wine, the same path everywhere else.</summary>
    /// <param name="path">A full path of this process; its last part need not exist.</param>
    /// <exception cref="VirtualMachineException">The system beneath has no such place.</exception>
    public static string PathForQemu(string path) => IsPresent ? ToUnixPath(path) : path;

    [SupportedOSPlatform("windows")]
    private static string ToUnixPath(string path)
    {
        nint text = GetUnixFileName(path);
        if (text == 0)
        {
            throw new VirtualMachineException(
                VirtualMachineError.BadPathName, $"The path '{path}' leads nowhere: {new Win32Exception().Message}");
        }

        string unix = Marshal.PtrToStringUTF8(text)!;
        HeapFree(GetProcessHeap(), 0, text);
        return unix;
    }

    /// <summary>Wine's own addition to kernel32; the caller frees the text.</summary>
    [LibraryImport("kernel32", EntryPoint = "wine_get_unix_file_name", StringMarshalling = StringMarshalling.Utf16, SetLastError = true)]
    private static partial nint GetUnixFileName(string path);

    [LibraryImport("kernel32")]
    private static partial nint GetProcessHeap();

    [LibraryImport("kernel32")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool HeapFree(nint heap, uint flags, nint memory);
}
