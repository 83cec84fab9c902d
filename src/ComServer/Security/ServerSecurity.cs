using System.Runtime.InteropServices;
using VpcComApi.ComServer.Activation;
using VpcComApi.Platform.Windows;

namespace VpcComApi.ComServer.Security;

/// <summary>
/// Who may call this process, set by the process itself, so that no client needs a CoInitializeSecurity of its own and no machine-wide
/// default matters: the user who runs it, from this machine, at whatever elevation and bitness. Nobody else.
/// </summary>
internal static unsafe class ServerSecurity
{
    /// <summary>RPC_C_AUTHN_LEVEL_CONNECT: who calls is verified, which on one machine is as good as any higher level.</summary>
    private const uint AuthenticateOnConnect = 2;

    /// <summary>RPC_C_IMP_LEVEL_IDENTIFY: sinks learn who calls them and cannot act in this user's name.</summary>
    private const uint AllowIdentification = 2;

    /// <summary>EOAC_DISABLE_AAA: an activation that this process makes runs as its user or not at all.</summary>
    public const uint DisableActivateAsActivator = 0x1000;

    /// <summary>EOAC_DYNAMIC_CLOAKING: a call, and an activation, is made as whom the calling thread impersonates at that moment.</summary>
    public const uint DynamicCloaking = 0x40;

    /// <summary>RPC_E_TOO_LATE: COM has been initialized with other settings.</summary>
    private const int TooLate = unchecked((int)0x80010119);

    /// <summary>Sets the process's COM security. Must come before anything is marshalled.</summary>
    /// <param name="capabilities">Capabilities, EOAC_*.</param>
    /// <exception cref="ComFailureException">Windows refused; serving with unknown permissions would be wrong.</exception>
    public static void Apply(uint capabilities = DisableActivateAsActivator)
    {
        nint selfRelative = CreateDescriptor(CallPermissions.ToCall(CurrentUser.Sid));
        AbsoluteDescriptor descriptor = AbsoluteDescriptor.From(selfRelative);
        try
        {
            int result = ComRuntime.CoInitializeSecurity(
                descriptor.Address, -1, 0, 0, AuthenticateOnConnect, AllowIdentification, 0, capabilities, 0);
            if (result < 0)
            {
                throw new ComFailureException(
                    result == TooLate
                        ? "COM's security was set before vpc.exe could set it."
                        : "COM refused the permissions of vpc.exe.",
                    result);
            }
        }
        finally
        {
            descriptor.Free();
            _ = Kernel32.LocalFree(selfRelative);
        }
    }

    /// <summary>Makes the binary form that the registry holds.</summary>
    /// <param name="descriptor">SDDL.</param>
    public static byte[] ToBinary(string descriptor)
    {
        nint selfRelative = CreateDescriptor(descriptor);
        try
        {
            return new ReadOnlySpan<byte>((void*)selfRelative, (int)Advapi32.GetSecurityDescriptorLength(selfRelative)).ToArray();
        }
        finally
        {
            _ = Kernel32.LocalFree(selfRelative);
        }
    }

    private static nint CreateDescriptor(string text) =>
        Advapi32.ConvertStringSecurityDescriptorToSecurityDescriptor(text, Advapi32.SDDL_REVISION_1, out nint descriptor, 0)
            ? descriptor
            : throw new ComFailureException($"Windows does not accept the permissions \"{text}\".", Marshal.GetHRForLastWin32Error());
}
