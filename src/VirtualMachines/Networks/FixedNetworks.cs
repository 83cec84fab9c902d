namespace VpcComApi.VirtualMachines.Networks;

/// <summary>The two networks that every host has, with the names and ids by which machines' files name them.</summary>
internal static class FixedNetworks
{
    /// <summary>The name of the network without the host.</summary>
    public const string InternalName = "Internal Network";

    /// <summary>The name of the network behind address translation.</summary>
    public const string SharedName = "Shared Networking (NAT)";

    /// <summary>Bytes of a network's id.</summary>
    public const int IdLength = 16;

    private const byte SharedIdByte = 1;
    private const byte InternalIdByte = 2;

    /// <summary>A copy of the id of the network behind address translation.</summary>
    public static byte[] SharedId => IdOf(SharedIdByte);

    /// <summary>A copy of the id of the network without the host.</summary>
    public static byte[] InternalId => IdOf(InternalIdByte);

    private static byte[] IdOf(byte part) => [.. Enumerable.Repeat(part, IdLength)];
}
