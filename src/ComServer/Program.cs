using Microsoft.Extensions.Logging;
using VpcComApi.ComServer.Activation;
using VpcComApi.ComServer.Events;
using VpcComApi.ComServer.Registration;
using VpcComApi.ComServer.Verification;
using VpcComApi.Hosting;
using VpcComApi.Interop;
using VpcComApi.Platform.Folders;
using VpcComApi.Platform.Wine;

namespace VpcComApi.ComServer;

/// <summary>vpc.exe.</summary>
internal static partial class Program
{
    /// <summary>Reads the command line and does what it asks for.</summary>
    /// <param name="arguments">The command line, without the program's name.</param>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    [MTAThread]
    public static int Main(string[] arguments)
    {
        if (!CommandLine.TryParse(arguments, out ServerCommand command, out IReadOnlyList<string> operands, out string? problem))
        {
            ConsoleText.Attach();
            Console.Error.WriteLine(problem);
            Console.Error.WriteLine(CommandLine.Help);
            return (int)ExitCode.WrongUsage;
        }

        bool serves = command is ServerCommand.Serve or ServerCommand.ServeVerification;
        if (!serves)
        {
            ConsoleText.Attach();
        }
        else if (Wine.NeedsNewStart)
        {
            Wine.StartAgain(arguments);
            return (int)ExitCode.Done;
        }

        try
        {
            return (int)Run(command, operands);
        }
        catch (Exception exception) when (!serves)
        {
            Console.Error.WriteLine(exception.Message);
            return (int)ExitCode.Failed;
        }
    }

    private static ExitCode Run(ServerCommand command, IReadOnlyList<string> operands)
    {
        switch (command)
        {
            case ServerCommand.Serve:
                return Serve(Clsids.VMVirtualPC, idleTimeout: null, useWindowsEventLog: true);
            case ServerCommand.Register:
            case ServerCommand.RegisterPerUser:
                return new Registrar(Console.Out, Console.Error).Register(command == ServerCommand.RegisterPerUser);
            case ServerCommand.Unregister:
                return new Registrar(Console.Out, Console.Error).Unregister();
            case ServerCommand.Verify:
                return Verifier.Verify(operands.Count > 0 ? operands[0] : Verifier.DefaultFile, Console.Out);
            case ServerCommand.ServeVerification:
                Environment.SetEnvironmentVariable(UserFolders.OverrideVariable, operands[1]);
                return Serve(
                    Guid.Parse(operands[0]), TimeSpan.FromSeconds(VerificationServers.IdleSeconds), useWindowsEventLog: false);
            case ServerCommand.BeVerificationClient:
                VerificationClient.Run(Guid.Parse(operands[0]), Console.In, Console.Out);
                return ExitCode.Done;
            case ServerCommand.CleanVerification:
                VerificationCleaner.Run(VerificationSession.Of(Guid.Parse(operands[0])), Console.In);
                return ExitCode.Done;
            default:
                Console.Out.WriteLine(CommandLine.Help);
                return ExitCode.Done;
        }
    }

    private static ExitCode Serve(Guid classId, TimeSpan? idleTimeout, bool useWindowsEventLog)
    {
        using IDisposable? turn = WineHost.IsPresent ? Wine.TryBecomeServer(classId) : null;
        if (WineHost.IsPresent && turn is null)
        {
            return ExitCode.Done;
        }

        LoggedEvents loggedEvents = new();
        using ILoggerFactory loggerFactory = Composition.OpenEventLog("vpc", useWindowsEventLog, loggedEvents);
        ILogger logger = loggerFactory.CreateLogger(nameof(Program));
        try
        {
            Server server = new(
                loggerFactory, loggedEvents, () => Composition.OpenMachines(UserFolders.Data, loggerFactory), classId, idleTimeout);
            server.RunAsync().GetAwaiter().GetResult();
            return ExitCode.Done;
        }
        catch (Exception exception)
        {
            LogCannotServe(logger, exception);
            return ExitCode.Failed;
        }
    }

    [LoggerMessage(5004, LogLevel.Critical, "Virtual PC could not serve and ends.")]
    private static partial void LogCannotServe(ILogger logger, Exception exception);
}
