using System.Runtime.Versioning;
using System.Security;
using Microsoft.Win32;
using VpcComApi.VpcBus.Integration;

namespace VpcComApi.GuestServices.Machines.Real;

/// <summary>
/// The parameters of a Windows guest, under the registry key that Windows Virtual PC documents for IVMGuestOS.SetParameter.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed class RegistryParameterStore : IParameterStore
{
    private const string KeyPath = @"SOFTWARE\Microsoft\Virtual Machine\Guest\Parameters";

    /// <inheritdoc/>
    public string? Get(string name)
    {
        try
        {
            using RegistryKey? key = Registry.LocalMachine.OpenSubKey(KeyPath);
            return key?.GetValue(name) as string;
        }
        catch (Exception e) when (e is SecurityException or UnauthorizedAccessException or IOException)
        {
            throw Refused("read", e);
        }
    }

    /// <inheritdoc/>
    public Task SetAsync(string name, string value, CancellationToken cancellationToken)
    {
        try
        {
            using RegistryKey key = Registry.LocalMachine.CreateSubKey(KeyPath);
            key.SetValue(name, value, RegistryValueKind.String);
            return Task.CompletedTask;
        }
        catch (Exception e) when (e is SecurityException or UnauthorizedAccessException or IOException)
        {
            throw Refused("written", e);
        }
    }

    private static RequestRefusedException Refused(string verb, Exception cause) => new(
        cause is IOException ? IntegrationErrors.Failed : IntegrationErrors.AccessDenied,
        $@"The registry key HKLM\{KeyPath} cannot be {verb}: {cause.Message}",
        cause);
}
