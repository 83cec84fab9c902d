namespace VpcComApi.VirtualMachines.Providers;

/// <summary>What a display showed at one moment.</summary>
public sealed class DisplayImage
{
    /// <summary>Makes a picture.</summary>
    /// <param name="width">Pixels, at least 1.</param>
    /// <param name="height">Pixels, at least 1.</param>
    /// <param name="pixels">Width times height colours, row by row from the upper left corner, each <c>0x00RRGGBB</c>.</param>
    public DisplayImage(int width, int height, uint[] pixels)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfNotEqual(pixels.LongLength, (long)width * height, nameof(pixels));
        Width = width;
        Height = height;
        Pixels = pixels;
    }

    /// <summary>Pixels in a row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>The colours, row by row, each <c>0x00RRGGBB</c>.</summary>
    public ReadOnlyMemory<uint> Pixels { get; }
}
