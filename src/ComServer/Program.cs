using Microsoft.Extensions.Logging;
using VpcComApi.ComServer.Activation;
using VpcComApi.ComServer.Events;
using VpcComApi.ComServer.Registration;
using VpcComApi.EventLogging;
using VpcComApi.VirtualMachines;

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
        if (!CommandLine.TryParse(arguments, out ServerCommand command, out string? problem))
        {
            ConsoleText.Attach();
            Console.Error.WriteLine(problem);
            Console.Error.WriteLine(CommandLine.Help);
            return (int)ExitCode.WrongUsage;
        }

        if (command != ServerCommand.Serve)
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
            return (int)Run(command);
        }
        catch (Exception exception) when (command != ServerCommand.Serve)
        {
            Console.Error.WriteLine(exception.Message);
            return (int)ExitCode.Failed;
        }
    }

    private static ExitCode Run(ServerCommand command)
    {
        switch (command)
        {
            case ServerCommand.Serve:
                return Serve();
            case ServerCommand.Register:
            case ServerCommand.RegisterPerUser:
                return new Registrar(Console.Out, Console.Error).Register(command == ServerCommand.RegisterPerUser);
            case ServerCommand.Unregister:
                return new Registrar(Console.Out, Console.Error).Unregister();
            default:
                Console.Out.WriteLine(CommandLine.Help);
                return ExitCode.Done;
        }
    }

    private static ExitCode Serve()
    {
        using IDisposable? turn = Wine.IsPresent ? Wine.TryBecomeServer() : null;
        if (Wine.IsPresent && turn is null)
        {
            return ExitCode.Done;
        }

        LoggedEvents loggedEvents = new();
        using ILoggerFactory loggerFactory = LoggerFactory.Create(logging => logging
            .AddVirtualPcEventLog(new EventLogOptions { Folder = UserFolders.Logs, Program = "vpc" })
            .AddProvider(loggedEvents));
        ILogger logger = loggerFactory.CreateLogger(nameof(Program));
        try
        {
            new Server(loggerFactory, loggedEvents, () => Composition.OpenHost(loggerFactory)).RunAsync().GetAwaiter().GetResult();
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
