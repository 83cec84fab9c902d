using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace VpcComApi.PowerShellHost;

/// <summary>
/// Runs one script file: what it outputs goes to standard output, its errors to standard error, and the exit code reports the result.
/// </summary>
internal static class Program
{
    private const int Succeeded = 0;
    private const int Failed = 1;
    private const int WrongUsage = 2;

    [STAThread]
    private static int Main(string[] arguments)
    {
        if (arguments.Length == 0 || !File.Exists(arguments[0]))
        {
            Console.Error.WriteLine("usage: PowerShellHost SCRIPT [ARGUMENT]...");
            return WrongUsage;
        }

        InitialSessionState state = InitialSessionState.CreateDefault2();
        state.Commands.Add(new SessionStateCmdletEntry("New-Object", typeof(NewObjectCommand), helpFileName: null));
        state.Commands.Add(new SessionStateCmdletEntry("Write-Host", typeof(WriteHostCommand), helpFileName: null));

        using Runspace runspace = RunspaceFactory.CreateRunspace(state);
        // This thread and so a single-threaded apartment, in which pwsh too runs its scripts on Windows.
        runspace.ThreadOptions = PSThreadOptions.UseCurrentThread;
        runspace.Open();

        using PowerShell shell = PowerShell.Create(runspace);
        shell.AddScript(File.ReadAllText(arguments[0]), useLocalScope: false);
        foreach (string argument in arguments.Skip(1))
        {
            shell.AddArgument(argument);
        }

        PSDataCollection<PSObject> output = [];
        output.DataAdded += (_, added) => Console.WriteLine(output[added.Index]);
        shell.Streams.Error.DataAdded += (_, added) => Console.Error.WriteLine(shell.Streams.Error[added.Index]);
        shell.Streams.Information.DataAdded += (_, added) => Console.WriteLine(shell.Streams.Information[added.Index]);

        try
        {
            shell.Invoke(input: null, output);
        }
        catch (RuntimeException error)
        {
            Console.Error.WriteLine(error.ErrorRecord);
            return Failed;
        }

        return shell.HadErrors ? Failed : Succeeded;
    }
}
