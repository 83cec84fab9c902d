using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using VpcComApi.Platform.Windows;

namespace VpcComApi.VirtualMachines.Qemu.Wine;

/// <summary>
/// Starts a program of the Unix system below Wine, with sockets as its standard input and output. .NET can only pass pipes, which Wine
/// drops.
/// </summary>
[SupportedOSPlatform("windows")]
internal static class NativeLauncher
{
    /// <summary>
    /// The console handle that Wine uses for a process that was started without a console by the shell of the Unix system
    /// (CONSOLE_HANDLE_SHELL_NO_WINDOW in its include/wine/server_protocol.h). Only a native program that is started with this console gets
    /// its handles under every version of Wine: Wine 8 withholds them with any other console except none, Wine 10 with none.
    /// </summary>
    private const nint ShellWithoutWindow = -4;

    /// <summary>
    /// The offset of ConsoleHandle in RTL_USER_PROCESS_PARAMETERS: after four 32-bit numbers (Wine's include/winternl.h).
    /// </summary>
    private const int ConsoleOffset = 16;

    /// <summary>The offset of the address of these parameters in the process environment block: its fifth pointer-sized field.</summary>
    private static readonly int ParametersOffset = 4 * nint.Size;

    /// <summary>Two starts at the same time would each take the other's console for that of the process.</summary>
    private static readonly Lock Starting = new();

    /// <summary>Starts the program. Afterwards it can be observed only through its sockets.</summary>
    /// <param name="program">Its path, in the form of Windows programs.</param>
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
            // A child process inherits the console of its parent. Neither this process nor other programs that it starts use one.
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
    /// Joins arguments into one text, quoted by the rules of CommandLineToArgvW
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
