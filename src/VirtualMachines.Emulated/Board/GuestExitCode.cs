namespace VpcComApi.VirtualMachines.Emulated.Board;

/// <summary>How the process of an emulated guest says what it wants of its machine. Every other exit is a guest that died.</summary>
internal static class GuestExitCode
{
    /// <summary>The guest has shut down and powers the machine off.</summary>
    public const int PowerOff = 100;

    /// <summary>The guest has shut down and wants to boot again.</summary>
    public const int Restart = 101;
}
