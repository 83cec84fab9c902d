namespace VpcComApi.VirtualMachines.Emulated.Board;

/// <summary>
/// The exit codes with which the process of an emulated guest requests an action of its machine. Every other exit is an unexpected end of
/// the guest.
/// </summary>
internal static class GuestExitCode
{
    /// <summary>The guest has shut down and turns the machine off.</summary>
    public const int PowerOff = 100;

    /// <summary>The guest has shut down and requests another boot.</summary>
    public const int Restart = 101;
}
