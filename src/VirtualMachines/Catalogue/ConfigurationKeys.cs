namespace VpcComApi.VirtualMachines.Catalogue;

/// <summary>
/// The keys of a .vmc file that this program reads by itself. The elements below <c>hardware</c> are those of the real files, as shown at
/// https://blogs.technet.microsoft.com/jhoward/2005/01/27/reset-lost-bios-password-virtual-server-2005/ (bios) and
/// http://www.laboratoire-microsoft.org/def/25355 (version, memory). <c>settings/undo_drives/default_action</c> and
/// <c>integration/microsoft/...</c> stand in the Windows Virtual PC reference. What the real product keeps elsewhere, or where nothing is published,
/// lies below <c>integration/vpccomapi</c>, which no other program uses.
/// </summary>
internal static class ConfigurationKeys
{
    /// <summary>The root element of .vmc files and of Options.xml.</summary>
    public const string Root = "preferences";

    /// <summary>The comment above the root of a .vmc file.</summary>
    public const string Comment = "Microsoft Virtual Machine Options and Settings";

    /// <summary>The file format's version.</summary>
    public const string Version = "version";

    /// <summary>Memory in megabytes.</summary>
    public const string Memory = "hardware/memory/ram_size";

    /// <summary>The BIOS's id, a braced GUID.</summary>
    public const string BiosGuid = "hardware/bios/bios_guid";

    /// <summary>The BIOS's serial number.</summary>
    public const string BiosSerialNumber = "hardware/bios/bios_serial_number";

    /// <summary>The base board's serial number.</summary>
    public const string BaseBoardSerialNumber = "hardware/bios/base_board/serial_number";

    /// <summary>The chassis's serial number.</summary>
    public const string ChassisSerialNumber = "hardware/bios/chassis/serial_number";

    /// <summary>The chassis's asset tag.</summary>
    public const string ChassisAssetTag = "hardware/bios/chassis/asset_tag";

    /// <summary>Whether writes go to undo drives.</summary>
    public const string UndoEnabled = "settings/undo_drives/enabled";

    /// <summary>What happens to undo drives on power-off: a VMUndoAction.</summary>
    public const string UndoAction = "settings/undo_drives/default_action";

    /// <summary>What happens to the machine when the application ends: a VMShutdownAction.</summary>
    public const string ShutdownAction = "integration/vpccomapi/shutdown_action_on_quit";

    /// <summary>Free text.</summary>
    public const string Notes = "integration/vpccomapi/notes";

    /// <summary>The machine's unique id, a braced GUID.</summary>
    public const string ConfigurationId = "integration/vpccomapi/configuration_id";

    /// <summary>The name of the provider that runs the machine; without it, the application's default one does.</summary>
    public const string Provider = "integration/vpccomapi/provider";

    /// <summary>Whether the guest keeps its clock in step with the host's.</summary>
    public const string HostTimeSync = "integration/microsoft/host_time_sync/enabled";

    /// <summary>The version of the integration components that were last seen in the guest.</summary>
    public const string ComponentsVersion = "integration/vpccomapi/components_version";
}
