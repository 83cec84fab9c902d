using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using VpcComApi.Platform.Windows;

namespace VpcComApi.VirtualMachines.Qemu.Wine;

/// <summary>
/// Starts a program of the system beneath Wine, with sockets as its standard input and output. .NET hands over pipes only, which Wine
/// drops.
/// </summary>
[SupportedOSPlatform("windows")]
internal static class NativeLauncher
{
    /// <summary>
    /// What Wine takes a process's console for that was started without one by the shell of the system beneath
    /// (CONSOLE_HANDLE_SHELL_NO_WINDOW in its include/wine/server_protocol.h). Only a native program that is started with this console gets
    /// the handles that it is given under every Wine: Wine 8 keeps them back with any other console but none, Wine 10 with none.
    /// </summary>
    private const nint ShellWithoutWindow = -4;

    /// <summary>Where RTL_USER_PROCESS_PARAMETERS has its ConsoleHandle: behind four 32-bit numbers (Wine's include/winternl.h).</summary>
    private const int ConsoleOffset = 16;

    /// <summary>Where the process environment block has the address of these parameters: its fifth pointer-sized place.</summary>
    private static readonly int ParametersOffset = 4 * nint.Size;

    /// <summary>Two starts at once would each take the other's console for the process's own.</summary>
    private static readonly Lock Starting = new();

    /// <summary>Starts the program. Nothing is known of it afterwards but what it says.</summary>
    /// <param name="program">Its path as Windows programs see it.</param>
    /// <param name="arguments">Its arguments, the name by which it is called first.</param>
    /// <param name="input">The socket that becomes its standard input.</param>
    /// <param name="output">The socket that becomes its standard output.</param>
    /// <exception cref="Win32Exception">It could not be started.</exception>
    public static void Start(string program, IEnumerable<string> arguments, nint input, nint output)
    {
        Kernel32.StartupInfo startup = new()
        {
            Size = Marshal.SizeOf<Kernel32.StartupInfo>(),
            Flags = Kernel32.STARTF_USESTDHANDLES,
            Input = input,
            Output = output,
            Error = output,
        };
        char[] commandLine = [.. JoinArguments(arguments), '\0'];

        bool isStarted;
        lock (Starting)
        {
            // A child's console is its parent's. Neither we nor other programs that we start use one.
            nint parameters = Marshal.ReadIntPtr(Ntdll.RtlGetCurrentPeb(), ParametersOffset);
            nint console = Marshal.ReadIntPtr(parameters, ConsoleOffset);
            Marshal.WriteIntPtr(parameters, ConsoleOffset, ShellWithoutWindow);
            isStarted = Kernel32.CreateProcess(program, commandLine, 0, 0, inheritHandles: true, 0, 0, null, startup, out _);
            Marshal.WriteIntPtr(parameters, ConsoleOffset, console);
        }

        if (!isStarted)
        {
            throw new Win32Exception();
        }
    }

    /// <summary>
    /// Arguments as one text from which the other side gets them back, by the rules of CommandLineToArgvW
    /// (https://learn.microsoft.com/windows/win32/api/shellapi/nf-shellapi-commandlinetoargvw): quotation marks around each, a backslash
    /// before each one inside, and backslashes before a quotation mark doubled.
    /// </summary>
    /// <param name="arguments">The arguments.</param>
    public static string JoinArguments(IEnumerable<string> arguments)
    {
        StringBuilder text = new();
        foreach (string argument in arguments)
        {
            text.Append(text.Length > 0 ? " \"" : "\"");
            int backslashes = 0;
            foreach (char letter in argument)
            {
                if (letter == '"')
                {
                    text.Append('\\', backslashes + 1);
                }

                backslashes = letter == '\\' ? backslashes + 1 : 0;
                text.Append(letter);
            }

            text.Append('\\', backslashes).Append('"');
        }

        return text.ToString();
    }
}
