using VpcComApi.Platform.Windows;

namespace VpcComApi.ComServer;

/// <summary>
/// Writes to the console that the program was started from. The program is built without a console of its own, since COM starts it in the
/// background where a console window would pop up.
/// </summary>
internal static class ConsoleText
{
    private const uint ParentProcess = uint.MaxValue;

    /// <summary>Connects to the starter's console, unless the output is redirected.</summary>
    public static void Attach()
    {
        if (Kernel32.GetStdHandle(Kernel32.STD_OUTPUT_HANDLE) is 0 or -1)
        {
            // Without a console to attach to the texts go nowhere, as they should.
            _ = Kernel32.AttachConsole(ParentProcess);
        }
    }
}
