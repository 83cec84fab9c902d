using Microsoft.Extensions.Logging;
using VpcComApi.Platform.Folders;
using VpcComApi.VirtualMachines.PhysicalHost;
using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.VirtualMachines;

/// <summary>What the application object is built from. The front ends compose it; the domain chooses nothing by itself.</summary>
public sealed class VirtualMachineHostOptions
{
    /// <summary>Names the environment variable that points to another folder of integration media.</summary>
    public const string IntegrationMediaVariable = "VPC_INTEGRATION_MEDIA";

    /// <summary>The folder of preferences, registrations and machines; the user's own by default (see <see cref="UserFolders"/>).</summary>
    public required string DataFolder { get; init; }

    /// <summary>
    /// Whether the machine "Windows XP Mode" is made where machines were never registered. Not for work on disk images alone, which needs
    /// no machine.
    /// </summary>
    public bool MakesFirstMachine { get; init; } = true;

    /// <summary>The providers, the default one first. The host disposes them when it is disposed.</summary>
    public required IReadOnlyList<IMachineProvider> Providers { get; init; }

    /// <summary>
    /// The folder of the media of the integration components; by default the folder <c>Integration Components</c> beside the program, or
    /// the one that <see cref="IntegrationMediaVariable"/> names.
    /// </summary>
    public string IntegrationMediaFolder { get; init; } =
        Environment.GetEnvironmentVariable(IntegrationMediaVariable) is { Length: > 0 } moved
            ? Path.GetFullPath(moved)
            : Path.Combine(AppContext.BaseDirectory, "Integration Components");

    /// <summary>Where messages go.</summary>
    public required ILoggerFactory LoggerFactory { get; init; }

    /// <summary>What is known of the computer; its own operating system unless a test says otherwise.</summary>
    internal IHostSystem HostSystem { get; init; } = HostComputer.ThisSystem;

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
