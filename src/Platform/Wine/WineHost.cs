using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using VpcComApi.Platform.Windows;

namespace VpcComApi.Platform.Wine;

/// <summary>
/// Whether this is a Windows program under Wine, and how the Unix system below Wine names a file. ARCHITECTURE.md lists what is done
/// differently there.
/// </summary>
internal static class WineHost
{
    /// <summary>The drive at which Wine shows the root of the Unix system.</summary>
    public const string UnixRoot = @"Z:\";

    /// <summary>
    /// Whether this process runs under Wine (https://gitlab.winehq.org/wine/wine/-/wikis/Developer-FAQ: it alone has this export).
    /// </summary>
    [SupportedOSPlatformGuard("windows")]
    public static bool IsPresent { get; } =
        OperatingSystem.IsWindows() && NativeLibrary.TryLoad("ntdll", out nint library)
            && NativeLibrary.TryGetExport(library, "wine_get_version", out _);

    /// <summary>The path by which this process reaches a file of the Unix system, which is below Wine or the system itself.</summary>
    /// <param name="parts">Its folders, beginning at the root, and its name.</param>
    public static string PathOfSystem(params ReadOnlySpan<string> parts) => Path.Combine([IsPresent ? UnixRoot : "/", .. parts]);

    /// <summary>The name of a path in the Unix system below Wine.</summary>
    /// <param name="path">A full path of this process; its last part need not exist.</param>
    /// <exception cref="Win32Exception">There is no such path.</exception>
    [SupportedOSPlatform("windows")]
    public static string ToUnixPath(string path)
    {
        nint text = Kernel32.GetUnixFileName(path);
        if (text == 0)
        {
            throw new Win32Exception();
        }

        string unix = Marshal.PtrToStringUTF8(text)!;
        _ = Kernel32.HeapFree(Kernel32.GetProcessHeap(), 0, text);
        return unix;
    }
}
