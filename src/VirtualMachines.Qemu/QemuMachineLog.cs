using Microsoft.Extensions.Logging;
using VpcComApi.VirtualMachines.Networks;

namespace VpcComApi.VirtualMachines.Qemu;

/// <summary>The provider's messages; ids 1900 to 1999.</summary>
internal static partial class QemuMachineLog
{
    [LoggerMessage(
        1900, LogLevel.Information, "'{Machine}' powers up in QEMU {Version} as process {ProcessId}, with the accelerator {Accelerator}.")]
    public static partial void PowersUp(ILogger logger, string machine, string version, int processId, string accelerator);

    [LoggerMessage(1901, LogLevel.Warning, "QEMU of '{Machine}': {Text}")]
    public static partial void QemuSaid(ILogger logger, string machine, string text);

    [LoggerMessage(1902, LogLevel.Warning, "QEMU of '{Machine}' did not end within {Seconds} s after the command to quit, and was killed.")]
    public static partial void QuitTookTooLong(ILogger logger, string machine, double seconds);

    [LoggerMessage(1903, LogLevel.Warning, "The files of '{Machine}' in {Folder} could not be deleted.")]
    public static partial void CleanUpFailed(ILogger logger, Exception exception, string machine, string folder);

    [LoggerMessage(
        1904,
        LogLevel.Warning,
        "setpriv of util-linux is missing: the QEMU of '{Machine}' would continue to run if the host process is killed.")]
    public static partial void MayOutliveHost(ILogger logger, string machine);

    [LoggerMessage(1905, LogLevel.Information, "The guest of '{Machine}' reset the machine.")]
    public static partial void GuestReset(ILogger logger, string machine);

    [LoggerMessage(1906, LogLevel.Warning, "{Medium} does not exist any more, and a drive of '{Machine}' is empty.")]
    public static partial void MediumMissing(ILogger logger, string machine, string medium);

    [LoggerMessage(
        1907, LogLevel.Warning, "The network card {Card} of '{Machine}' has no link to a network of the kind {Network}: {Reason}.")]
    public static partial void NetworkNotCarried(ILogger logger, string machine, int card, VirtualNetworkKind network, string reason);

    [LoggerMessage(
        1908,
        LogLevel.Warning,
        "The non-volatile memory of '{Machine}' is another provider's, or damaged, and was put aside as {PutAside}.")]
    public static partial void MemoryPutAside(ILogger logger, string machine, string putAside);

    [LoggerMessage(1909, LogLevel.Error, "The disk {Image} of a QEMU machine failed: {Reason}")]
    public static partial void DiskServerFailed(ILogger logger, Exception exception, string image, string reason);

    [LoggerMessage(
        1910, LogLevel.Warning, "The network card {Card} of '{Machine}' was disconnected from the internal network: QEMU sent {Reason}.")]
    public static partial void NetworkLinkBroken(ILogger logger, string machine, int card, string reason);

    [LoggerMessage(1911, LogLevel.Warning, "A program connected for the disk {Image} of a QEMU machine and was refused: {Reason}.")]
    public static partial void DiskClientRefused(ILogger logger, string image, string reason);

    [LoggerMessage(1912, LogLevel.Warning, "A resource of '{Machine}' could not be released.")]
    public static partial void PartNotReleased(ILogger logger, Exception exception, string machine);
}
