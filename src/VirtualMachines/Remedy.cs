namespace VpcComApi.VirtualMachines;

/// <summary>
/// What can be done about a refusal, and to what. The domain says which remedy there is, and each front end how it is done there.
/// </summary>
/// <param name="Action">What can be done.</param>
/// <param name="Subject">
/// The machine's name or the file's full path, as <paramref name="Action"/> says; null when the place of the refusal does not know it.
/// </param>
public sealed record Remedy(RemedyAction Action, string? Subject);
