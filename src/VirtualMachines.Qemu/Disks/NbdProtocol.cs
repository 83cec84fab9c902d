namespace VpcComApi.VirtualMachines.Qemu.Disks;

/// <summary>
/// The constants of the Network Block Device protocol that QEMU needs
/// (https://github.com/NetworkBlockDevice/nbd/blob/master/doc/proto.md). All are big-endian.
/// </summary>
internal static class NbdProtocol
{
    /// <summary>"NBDMAGIC", the first bytes that a server sends.</summary>
    public const ulong ServerMagic = 0x4E42444D41474943;

    /// <summary>"IHAVEOPT": the newstyle handshake, and each option of it.</summary>
    public const ulong OptionMagic = 0x49484156454F5054;

    /// <summary>An answer to an option.</summary>
    public const ulong OptionReplyMagic = 0x3E889045565A9;

    /// <summary>A request.</summary>
    public const uint RequestMagic = 0x25609513;

    /// <summary>A simple reply.</summary>
    public const uint ReplyMagic = 0x67446698;

    /// <summary>Handshake flags: fixed newstyle, and no zeroes after an export's description.</summary>
    public const ushort HandshakeFlags = 3;

    /// <summary>Option: abort.</summary>
    public const uint OptionAbort = 2;

    /// <summary>Option: use an export.</summary>
    public const uint OptionGo = 7;

    /// <summary>Answer to an option: done.</summary>
    public const uint ReplyAcknowledge = 1;

    /// <summary>Answer to an option: information.</summary>
    public const uint ReplyInformation = 3;

    /// <summary>Answer to an option: unknown option.</summary>
    public const uint ReplyUnsupported = 0x80000001;

    /// <summary>Answer to an option: there is no such export.</summary>
    public const uint ReplyUnknownExport = 0x80000006;

    /// <summary>Information: size and transmission flags.</summary>
    public const ushort InformationExport = 0;

    /// <summary>Information: the sizes of blocks.</summary>
    public const ushort InformationBlockSize = 3;

    /// <summary>Transmission flags: there are flags, and flushes are supported.</summary>
    public const ushort TransmissionFlags = 1 | 4;

    /// <summary>Request: read.</summary>
    public const ushort CommandRead = 0;

    /// <summary>Request: write.</summary>
    public const ushort CommandWrite = 1;

    /// <summary>Request: disconnect.</summary>
    public const ushort CommandDisconnect = 2;

    /// <summary>Request: flush.</summary>
    public const ushort CommandFlush = 3;

    /// <summary>Error: input or output failed.</summary>
    public const uint ErrorInputOutput = 5;

    /// <summary>Error: the request makes no sense.</summary>
    public const uint ErrorInvalid = 22;

    /// <summary>Error: no room.</summary>
    public const uint ErrorNoSpace = 28;
}
