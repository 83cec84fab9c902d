namespace VpcComApi.VirtualMachines.Providers;

/// <summary>One move of one key.</summary>
/// <param name="Key">The key.</param>
/// <param name="IsDown">Whether it is pressed; else it is released.</param>
public readonly record struct KeyStroke(KeyboardKey Key, bool IsDown);
