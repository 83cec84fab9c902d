namespace VpcComApi.VpcBus.Links.Resumption;

/// <summary>How a frame's checksum is computed. The field can contain any byte; only these values are defined.</summary>
internal enum LinkChecksumKind : byte
{
    /// <summary>CRC-32C, known to all revisions.</summary>
    Crc32C = 0,

    /// <summary>
    /// The word sum of revision 2: one multiplication for eight bytes, also where the processor has no instruction for a CRC.
    /// </summary>
    WordSum = 1,
}
