using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using VpcComApi.ComServer.Activation;
using VpcComApi.ComServer.Adapters;
using VpcComApi.ComServer.Automation;
using VpcComApi.ComServer.Events;
using VpcComApi.ComServer.Tests.Activation;
using VpcComApi.Interop;
using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines;
using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.ComServer.Tests.Adapters;

/// <summary>The real domain in a folder of its own, and the application object over it, as the COM stubs would call it.</summary>
internal sealed class ServedDomain : IAsyncDisposable
{
    private readonly ServerLifetime lifetime;

    /// <summary>Opens the domain.</summary>
    /// <param name="provider">The provider of its machines.</param>
    public ServedDomain(IMachineProvider provider)
    {
        Host = VirtualMachineHost.Open(new VirtualMachineHostOptions
        {
            DataFolder = Folder.FullPath,
            Providers = [provider],
            LoggerFactory = NullLoggerFactory.Instance,
        });
        lifetime = new ServerLifetime(new FakeServerProcess(), () => false, _ => TimeSpan.FromSeconds(30), new FakeTimeProvider());
        NoClientObserver clients = new();
        TypeLibrary library = new(Folder.PathOf(TypeLibrary.FileName));
        Application = new VirtualPCAdapter(
            new Application(
                Host,
                library,
                new TypeLibraryDispatcher(library, clients),
                new ServedObjects(lifetime, clients),
                NullLoggerFactory.Instance,
                CancellationToken.None),
            LoggedEvents);
        Application.FindVirtualMachine(VirtualMachineHost.FirstMachineName, out IVMVirtualMachine? machine);
        Machine = machine!;
    }

    /// <summary>The folder of its data.</summary>
    public TestDirectory Folder { get; } = new();

    /// <summary>The domain.</summary>
    public VirtualMachineHost Host { get; }

    /// <summary>What the server has logged, for its events.</summary>
    public LoggedEvents LoggedEvents { get; } = new();

    /// <summary>The application object.</summary>
    public VirtualPCAdapter Application { get; }

    /// <summary>The machine that a new domain has.</summary>
    public IVMVirtualMachine Machine { get; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        LoggedEvents.Dispose();
        lifetime.Dispose();
        Folder.Dispose();
    }
}
