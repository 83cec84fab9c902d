namespace VpcComApi.VirtualMachines.VmcFiles;

/// <summary>One of the few values that a key can have.</summary>
/// <param name="Value">The value: an <see cref="int"/> or a <see cref="string"/>.</param>
/// <param name="Meaning">What it stands for.</param>
public sealed record KnownValue(object Value, string Meaning);
