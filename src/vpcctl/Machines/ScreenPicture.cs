namespace VpcComApi.CommandLine.Machines;

/// <summary>What a machine's display showed.</summary>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Png">The picture as a PNG file.</param>
internal sealed record ScreenPicture(int Width, int Height, byte[] Png);
