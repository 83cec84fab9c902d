namespace VpcComApi.VirtualMachines.Channels;

/// <summary>The kinds of a channel's ends. The numbers are those of the contract's VMEndpointType.</summary>
public enum EndpointType
{
    /// <summary>A named pipe; legal on the host alone.</summary>
    NamedPipe = 0,

    /// <summary>A TCP port on 127.0.0.1; legal in the guest alone.</summary>
    TcpIp = 1,
}
