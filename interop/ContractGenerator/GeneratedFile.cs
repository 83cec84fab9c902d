namespace VpcComApi.ContractGenerator;

/// <summary>A file that the generator writes.</summary>
/// <param name="Path">Relative to the folder `interop`, with forward slashes.</param>
/// <param name="Text">The whole text, with LF line ends.</param>
public sealed record GeneratedFile(string Path, string Text);
