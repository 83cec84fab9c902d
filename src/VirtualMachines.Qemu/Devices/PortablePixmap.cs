using System.Globalization;
using System.Text;
using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.VirtualMachines.Qemu.Devices;

/// <summary>
/// Reads pictures in the binary portable pixmap format (https://netpbm.sourceforge.net/doc/ppm.html), in which QEMU writes pictures of a
/// display.
/// </summary>
internal static class PortablePixmap
{
    /// <summary>The largest width and height that are read.</summary>
    public const int MaxSide = 8192;

    private const string Magic = "P6";
    private const int MaxColor = 255;
    private const int BytesPerPixel = 3;

    /// <summary>Reads one picture.</summary>
    /// <param name="file">The file's content.</param>
    /// <exception cref="InvalidDataException">It is not a picture of this kind, or it is incomplete.</exception>
    public static DisplayImage Read(ReadOnlySpan<byte> file)
    {
        int at = 0;
        if (Word(file, ref at) != Magic)
        {
            throw new InvalidDataException("it is not a portable pixmap");
        }

        int width = Number(file, ref at, MaxSide);
        int height = Number(file, ref at, MaxSide);
        if (Number(file, ref at, MaxColor) != MaxColor)
        {
            throw new InvalidDataException("its colours have another depth");
        }

        ReadOnlySpan<byte> colors = file[at..];
        if (colors.Length < width * height * BytesPerPixel)
        {
            throw new InvalidDataException("it is truncated");
        }

        uint[] pixels = new uint[width * height];
        for (int pixel = 0; pixel < pixels.Length; pixel++)
        {
            int first = pixel * BytesPerPixel;
            pixels[pixel] = (uint)((colors[first] << 16) | (colors[first + 1] << 8) | colors[first + 2]);
        }

        return new DisplayImage(width, height, pixels);
    }

    private static int Number(ReadOnlySpan<byte> file, ref int at, int largest) =>
        int.TryParse(Word(file, ref at), NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= 1
            && number <= largest
            ? number
            : throw new InvalidDataException("its header is invalid");

    /// <summary>Reads the next word of the header and the single white space after it.</summary>
    private static string Word(ReadOnlySpan<byte> file, ref int at)
    {
        int length = file[at..].IndexOfAny(" \t\r\n"u8);
        if (length < 0)
        {
            throw new InvalidDataException("its header is truncated");
        }

        string word = Encoding.ASCII.GetString(file.Slice(at, length));
        at += length + 1;
        return word;
    }
}
