using System.Runtime.InteropServices;

namespace VpcComApi.Platform.Linux;

/// <content>The calls on terminal devices.</content>
internal static unsafe partial class Libc
{
    /// <summary>More bytes than any system's <c>struct termios</c> has; its content is only read, passed on and restored.</summary>
    public const int TermiosSize = 256;

    public const int TCSANOW = 0;

    [LibraryImport("libc", SetLastError = true)]
    public static partial int tcgetattr(SafeHandle file, [In, Out] byte[] settings);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int tcsetattr(SafeHandle file, int when, byte[] settings);

    [LibraryImport("libc")]
    public static partial void cfmakeraw([In, Out] byte[] settings);
}
