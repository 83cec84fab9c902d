using System.Runtime.InteropServices;

namespace VpcComApi.ComServer;

/// <summary>
/// Writes to the console that the program was started from. The program is built without a console of its own, since COM starts it in the
/// background where a console window would pop up.
/// </summary>
internal static partial class ConsoleText
{
    private const int StandardOutput = -11;
    private const uint ParentProcess = uint.MaxValue;

    /// <summary>Connects to the starter's console, unless the output is redirected.</summary>
    public static void Attach()
    {
        if (GetStdHandle(StandardOutput) is 0 or -1)
        {
            // Without a console to attach to the texts go nowhere, as they should.
            _ = AttachConsole(ParentProcess);
        }
    }

    [LibraryImport("kernel32")]
    private static partial nint GetStdHandle(int handle);

    [LibraryImport("kernel32")]
    private static partial int AttachConsole(uint processId);
}
