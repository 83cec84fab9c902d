using Microsoft.Extensions.Logging;
using VpcComApi.ComServer.Activation;
using VpcComApi.ComServer.Adapters;
using VpcComApi.ComServer.Automation;
using VpcComApi.ComServer.Events;
using VpcComApi.ComServer.Security;
using VpcComApi.Interop;
using VpcComApi.Platform.Wine;
using VpcComApi.VirtualMachines;

namespace VpcComApi.ComServer;

/// <summary>
/// The serving process: opens the application, lets COM's clients in, waits until nobody and nothing needs it, and ends in the order in
/// which nothing can be lost.
/// </summary>
/// <param name="loggerFactory">Where messages go.</param>
/// <param name="loggedEvents">Reports the entries of the event log.</param>
/// <param name="openHost">Opens the application.</param>
/// <param name="classId">The class under which clients find it.</param>
/// <param name="idleTimeout">How long to wait for the next client; null for what the application's preferences say.</param>
internal sealed partial class Server(
    ILoggerFactory loggerFactory, LoggedEvents loggedEvents, Func<VirtualMachineHost> openHost, Guid classId, TimeSpan? idleTimeout = null)
{
    /// <summary>
    /// How long the process stays reachable after it has closed its class. A client that had found the class just before then still gets
    /// its object, and the server goes on. (On Windows COM itself sees to that; Wine's suspends nothing.)
    /// </summary>
    private static readonly TimeSpan LastCallers = TimeSpan.FromMilliseconds(500);

    private readonly ILogger logger = loggerFactory.CreateLogger<Server>();

    /// <summary>Serves until idle.</summary>
    public async Task RunAsync()
    {
        using ComApartment apartment = new();
        ComErrorMarshaller.Translate = new ErrorTranslator(loggerFactory.CreateLogger<ErrorTranslator>()).Translate;
        RuntimeSettings.Apply();
        ServerSecurity.Apply();

        // Opened while the class is being registered with COM; the first client waits for the rest.
        Task<VirtualMachineHost> opening = Task.Run(OpenHost);
        try
        {
            await ServeAsync(opening);
        }
        finally
        {
            await CloseAsync(opening);
        }
    }

    private VirtualMachineHost OpenHost()
    {
        try
        {
            return openHost();
        }
        catch (Exception exception)
        {
            LogCannotOpen(exception);
            throw;
        }
    }

    private static async Task CloseAsync(Task<VirtualMachineHost> opening)
    {
        // A host that could not be opened has been reported to the client, and is nothing to close.
        await opening.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        if (opening.IsCompletedSuccessfully)
        {
            await (await opening).DisposeAsync();
        }
    }

    private async Task ServeAsync(Task<VirtualMachineHost> opening)
    {
        using CancellationTokenSource stopping = new();
        using ClientProcesses? processes = WineHost.IsPresent ? new(loggerFactory.CreateLogger<ClientProcesses>()) : null;
        IClientObserver clients = processes is null ? new NoClientObserver() : processes;
        using ServerLifetime lifetime = new(
            new ComServerProcess(),
            () => opening.IsCompletedSuccessfully && opening.Result.IsBusy,
            reached => WaitingTime.Of(
                reached, opening.IsFaulted, opening.IsCompletedSuccessfully ? idleTimeout ?? opening.Result.IdleTimeout : null),
            TimeProvider.System);
        ServedObjects served = new(lifetime, clients);
        if (processes is not null)
        {
            processes.AllGone += () => DisconnectDeadClients(served);
        }

        _ = opening.ContinueWith(_ => lifetime.Touch(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        Lazy<VirtualPCAdapter> application = new(() => MakeApplication(opening, served, clients, lifetime, stopping.Token));
        ClassFactory factory = new(lifetime, clients, () => application.Value);
        using WineInterfaces? interfaces = WineHost.IsPresent ? new() : null;
        using ClassObject classObject = new(classId, factory);
        classObject.Open();
        LogServing(Environment.ProcessId);
        while (true)
        {
            await lifetime.Idle;
            classObject.Close();
            await Task.Delay(LastCallers, CancellationToken.None);
            if (!lifetime.HasClients)
            {
                break;
            }

            lifetime.GoOn();
            classObject.Open();
        }

        LogIdle();
        await stopping.CancelAsync();
    }

    private VirtualPCAdapter MakeApplication(
        Task<VirtualMachineHost> opening, ServedObjects served, IClientObserver clients, ServerLifetime lifetime,
        CancellationToken stopping)
    {
        VirtualMachineHost host = opening.GetAwaiter().GetResult();
        host.BusyChanged += (_, _) => lifetime.Touch();
        TypeLibrary library = new(TypeLibrary.DefaultFile);
        Application application = new(host, library, new TypeLibraryDispatcher(library, clients), served, loggerFactory, stopping);
        return new VirtualPCAdapter(application, loggedEvents);
    }

    private void DisconnectDeadClients(ServedObjects served)
    {
        int objects = served.DisconnectAll(ComObjects.Disconnect);
        if (objects > 0)
        {
            LogDisconnected(objects);
        }
    }

    [LoggerMessage(5000, LogLevel.Information, "Virtual PC serves COM clients; process {ProcessId}.")]
    private partial void LogServing(int processId);

    [LoggerMessage(5001, LogLevel.Information, "Virtual PC ends: no client holds it and no machine runs.")]
    private partial void LogIdle();

    [LoggerMessage(5005, LogLevel.Critical, "The application could not be opened.")]
    private partial void LogCannotOpen(Exception exception);

    [LoggerMessage(5003, LogLevel.Warning, "The last client ended without releasing {Objects} objects. They were disconnected.")]
    private partial void LogDisconnected(int objects);
}
