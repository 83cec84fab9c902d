using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.VirtualMachines.Peripherals;

/// <summary>
/// Paints the contract's small picture of a display: 64 x 48 pixels, row by row, each with its blue in bits 31 to 24, green in 23 to 16,
/// red in 15 to 8.
/// </summary>
internal static class DisplayThumbnail
{
    /// <summary>Pixels in a row.</summary>
    public const int Width = 64;

    /// <summary>Rows.</summary>
    public const int Height = 48;

    /// <summary>The picture of a display that shows nothing.</summary>
    public static uint[] Black() => new uint[Width * Height];

    /// <summary>Makes a picture small. Each pixel is the mean of those that it stands for.</summary>
    /// <param name="image">The picture.</param>
    public static uint[] Paint(DisplayImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        uint[] thumbnail = Black();
        for (int y = 0; y < Height; y++)
        {
            (int top, int bottom) = Range(y, Height, image.Height);
            for (int x = 0; x < Width; x++)
            {
                (int left, int right) = Range(x, Width, image.Width);
                thumbnail[(y * Width) + x] = Mean(image, left, right, top, bottom);
            }
        }

        return thumbnail;
    }

    /// <summary>The pixels that one small pixel stands for: at least one, when the picture is smaller than the thumbnail.</summary>
    private static (int From, int To) Range(int index, int count, int size)
    {
        int from = (int)((long)index * size / count);
        return (from, Math.Max(from + 1, (int)((long)(index + 1) * size / count)));
    }

    private static uint Mean(DisplayImage image, int left, int right, int top, int bottom)
    {
        ReadOnlySpan<uint> pixels = image.Pixels.Span;
        long red = 0, green = 0, blue = 0;
        for (int y = top; y < bottom; y++)
        {
            foreach (uint pixel in pixels.Slice((y * image.Width) + left, right - left))
            {
                red += (pixel >> 16) & 0xFF;
                green += (pixel >> 8) & 0xFF;
                blue += pixel & 0xFF;
            }
        }

        long count = (long)(right - left) * (bottom - top);
        return ((uint)(blue / count) << 24) | ((uint)(green / count) << 16) | ((uint)(red / count) << 8);
    }
}
