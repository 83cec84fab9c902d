namespace VpcComApi.VirtualMachines.Emulated.SavedState;

/// <summary>
/// The fields of a saved state that every version has. It is read first, so that another version is distinguished from a damaged file.
/// </summary>
/// <param name="Format">The format of the file.</param>
/// <param name="Version">The version of the format.</param>
internal sealed record EmulatedStateHeader(string? Format, int Version);
