namespace VpcComApi.VirtualMachines.VmcFiles;

/// <summary>The form that a key's texts have.</summary>
/// <param name="Description">What such a text is, as it goes on after "takes": "a GUID in braces".</param>
/// <param name="IsMet">Whether a text has the form.</param>
internal sealed record KnownForm(string Description, Func<string, bool> IsMet);
