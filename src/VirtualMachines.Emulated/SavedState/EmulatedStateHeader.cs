namespace VpcComApi.VirtualMachines.Emulated.SavedState;

/// <summary>
/// The part of a saved state that every version has. It is read first, so that another version is distinguished from a damaged file.
/// </summary>
/// <param name="Format">What the file is.</param>
/// <param name="Version">The version of the form.</param>
internal sealed record EmulatedStateHeader(string? Format, int Version);
