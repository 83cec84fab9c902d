namespace VpcComApi.VirtualMachines.Channels;

/// <summary>Where a communication channel failed.</summary>
internal enum ChannelSide
{
    /// <summary>The host: the pipe, its client, or a limit of the host.</summary>
    Host,

    /// <summary>The guest: its service, or the program that serves the port.</summary>
    Guest,

    /// <summary>The link between the two.</summary>
    Link,
}
