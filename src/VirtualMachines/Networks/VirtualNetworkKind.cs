namespace VpcComApi.VirtualMachines.Networks;

/// <summary>What a virtual network connects machines with.</summary>
public enum VirtualNetworkKind
{
    /// <summary>With each other alone.</summary>
    Internal,

    /// <summary>With the host's network, behind address translation.</summary>
    Shared,

    /// <summary>With the network of one host adapter, as computers of their own.</summary>
    HostAdapter,
}
