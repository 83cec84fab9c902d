using Microsoft.Extensions.Logging;
using VpcComApi.VirtualMachines.Providers;
using VpcComApi.VirtualMachines.Qemu.Hardware;
using VpcComApi.VirtualMachines.Qemu.Networks;
using VpcComApi.VirtualMachines.Qemu.Programs;
using VpcComApi.VirtualMachines.VmcFiles;

namespace VpcComApi.VirtualMachines.Qemu;

/// <summary>
/// Runs machines in QEMU. A machine chooses it by <c>integration/vpccomapi/provider</c> = <c>qemu</c> in its configuration.
/// </summary>
/// <param name="options">The options.</param>
public sealed class QemuMachineProvider(QemuMachineOptions options) : IMachineProvider
{
    /// <summary>The value of <see cref="Name"/>.</summary>
    public const string ProviderName = "qemu";

    private readonly ILogger logger = options.LoggerFactory.CreateLogger<QemuMachineProvider>();

    /// <summary>The internal network. It connects the machines of this provider.</summary>
    private readonly NetworkSwitch internalNetwork = new();

    /// <summary>Guards <see cref="program"/>.</summary>
    private readonly SemaphoreSlim gate = new(1);

    /// <summary>
    /// The program found at an earlier start; null until one is found, so that a QEMU that is installed later is found too.
    /// </summary>
    private QemuProgram? program;

    /// <summary>Creates a provider with default options.</summary>
    public QemuMachineProvider()
        : this(new QemuMachineOptions())
    {
    }

    /// <summary>The keys that only this provider reads (docs/qemu.md).</summary>
    public static IReadOnlyList<KnownKey> KnownKeys => QemuKeys.Rows;

    /// <inheritdoc/>
    public string Name => ProviderName;

    /// <inheritdoc/>
    public async Task<IRunningMachine> StartAsync(MachineStart start, IProgress<int> progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(start);
        ArgumentNullException.ThrowIfNull(progress);
        cancellationToken.ThrowIfCancellationRequested();
        progress.Report(0);
        QemuProgram found = await FindProgramAsync(start.TimeProvider, cancellationToken);
        return await QemuMachine.StartAsync(found, start, options, internalNetwork, logger, progress, cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>Nothing to release: its machines own their resources, and have ended before.</remarks>
    public ValueTask DisposeAsync()
    {
        gate.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<QemuProgram> FindProgramAsync(TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            return program = program is not null && File.Exists(program.Path)
                ? program
                : await QemuProgram.FindAsync(options, timeProvider, cancellationToken);
        }
        finally
        {
            gate.Release();
        }
    }
}
