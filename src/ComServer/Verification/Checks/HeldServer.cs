using System.Runtime.InteropServices;

namespace VpcComApi.ComServer.Verification.Checks;

/// <summary>An object of a server of the run, held for the time of a check.</summary>
internal sealed class HeldServer : IDisposable
{
    /// <summary>Asks COM for it.</summary>
    public HeldServer(Guid classId)
    {
        Marshal.ThrowExceptionForHR(VerificationServers.Activate(classId, out nint instance));
        Dispatch = instance;
    }

    /// <summary>Its IDispatch.</summary>
    public nint Dispatch { get; }

    /// <inheritdoc/>
    public void Dispose() => Marshal.Release(Dispatch);
}
