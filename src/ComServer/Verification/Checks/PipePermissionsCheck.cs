using VpcComApi.Platform.Windows;
using VpcComApi.VirtualMachines.Channels;

namespace VpcComApi.ComServer.Verification.Checks;

/// <summary>
/// Whether unauthorized callers are kept out of a channel's pipe, which has room for one client and is made anew for each who tries.
/// </summary>
internal sealed class PipePermissionsCheck : IVerificationCheck
{
    /// <inheritdoc/>
    public string Name => "pipe-permissions";

    /// <inheritdoc/>
    public string Claim => "Other users, sandboxed programs and anonymous callers cannot open a channel's pipe; this user can.";

    /// <inheritdoc/>
    public string? KnownUnderWine => "Wine checks no permissions of pipes.";

    /// <inheritdoc/>
    public CheckResult Run()
    {
        PipeName name = PipeName.Parse($"{PipeName.Prefix}vpc-verify-{Guid.NewGuid():N}");
        HostPipeListener? listener = null;
        try
        {
            return UnauthorizedAttempts.Run(
                () => VerificationNative.TryOpenPipe(name.FullName),
                OtherCaller.Unauthorized,
                error => error == WindowsError.ERROR_ACCESS_DENIED,
                "Please send this report: others could talk to the programs in your machines.",
                () =>
                {
                    listener?.Dispose();
                    listener = HostPipeListener.Create(name);
                });
        }
        finally
        {
            listener?.Dispose();
        }
    }
}
