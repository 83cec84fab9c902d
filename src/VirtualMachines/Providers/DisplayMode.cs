namespace VpcComApi.VirtualMachines.Providers;

/// <summary>How a display is set.</summary>
/// <param name="Width">Pixels, at least 1.</param>
/// <param name="Height">Pixels, at least 1.</param>
/// <param name="VideoMode">What it shows.</param>
public readonly record struct DisplayMode(int Width, int Height, VideoMode VideoMode);
