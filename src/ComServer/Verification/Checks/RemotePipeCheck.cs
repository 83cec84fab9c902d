using VpcComApi.VirtualMachines.Channels;

namespace VpcComApi.ComServer.Verification.Checks;

/// <summary>Whether a pipe is closed to the network, through which this machine can be asked too.</summary>
internal sealed class RemotePipeCheck : IVerificationCheck
{
    private const string ThroughTheNetwork = @"\\127.0.0.1\pipe\";

    /// <inheritdoc/>
    public string Name => "pipe-remote";

    /// <inheritdoc/>
    public string Claim => "A channel's pipe cannot be opened through the network, not even from this machine by this user.";

    /// <inheritdoc/>
    public string? KnownUnderWine => null;

    /// <inheritdoc/>
    public CheckResult Run()
    {
        PipeName name = PipeName.Parse($"{PipeName.Prefix}vpc-verify-{Guid.NewGuid():N}");
        using HostPipeListener listener = HostPipeListener.Create(name);
        int error = VerificationNative.TryOpenPipe(ThroughTheNetwork + name.Name);
        return error != 0
            ? CheckResult.Pass(VerificationNative.Describe(error))
            : CheckResult.Fail(
                "the pipe was opened through the network",
                "Please send this report, and keep the machine's file sharing off until it is answered.");
    }
}
