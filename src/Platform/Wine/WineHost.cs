using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using VpcComApi.Platform.Windows;

namespace VpcComApi.Platform.Wine;

/// <summary>
/// Whether this is a Windows program under Wine, and how the system beneath names a file. ARCHITECTURE.md lists what is done differently
/// there.
/// </summary>
internal static class WineHost
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

    /// <summary>The name that the system beneath Wine has for a path.</summary>
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
