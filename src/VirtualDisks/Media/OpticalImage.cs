namespace VpcComApi.VirtualDisks.Media;

/// <summary>Images of CDs and DVDs (.iso): the disc's sectors of 2,048 bytes and nothing else.</summary>
public static class OpticalImage
{
    private const int SectorSize = 2048;

    /// <summary>Volume descriptors begin at this sector and end with a terminator; a real disc has a handful.</summary>
    private const int FirstDescriptor = 16;

    private const int MaximumDescriptors = 64;
    private const int IdentifierOffset = 1;
    private const int IdentifierLength = 5;

    /// <summary>Whether a file is the image of a disc: ISO 9660 ("CD001"), or UDF without it ("NSR02", "NSR03").</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="NotARegularFileException">It is a pipe, a device or a folder.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static bool IsOpticalImage(string path)
    {
        using FileStream stream = RegularFile.Open(path, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (stream.Length < (FirstDescriptor + 1) * SectorSize)
        {
            return false;
        }

        byte[] descriptor = new byte[IdentifierOffset + IdentifierLength];
        for (int number = 0; number < MaximumDescriptors; number++)
        {
            stream.Position = (FirstDescriptor + number) * (long)SectorSize;
            if (stream.ReadAtLeast(descriptor, descriptor.Length, throwOnEndOfStream: false) < descriptor.Length)
            {
                return false;
            }

            ReadOnlySpan<byte> identifier = descriptor.AsSpan(IdentifierOffset);
            if (identifier.SequenceEqual("CD001"u8) || identifier.SequenceEqual("NSR02"u8) || identifier.SequenceEqual("NSR03"u8))
            {
                return true;
            }

            if (!identifier.SequenceEqual("BEA01"u8))
            {
                return false;
            }
        }

        return false;
    }
}
