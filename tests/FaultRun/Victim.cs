namespace VpcComApi.FaultRun;

/// <summary>The process that is killed, or another operation on the machine during a transfer.</summary>
internal enum Victim
{
    /// <summary>The guest service, which in an emulated machine is the machine's power too.</summary>
    Guest,

    /// <summary>The process that hosts the machines.</summary>
    Host,

    /// <summary>The host program, at the channels' pipes.</summary>
    Client,

    /// <summary>The guest program, at the channels' TCP connections.</summary>
    Server,

    /// <summary>No process is killed: the machine is paused and resumed, and nothing may be lost.</summary>
    PausedMachine,

    /// <summary>No process is killed: the guest service's program is replaced, and started by a reset of the machine.</summary>
    UpgradedGuest,
}
