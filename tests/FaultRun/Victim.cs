namespace VpcComApi.FaultRun;

/// <summary>Who is killed.</summary>
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
}
