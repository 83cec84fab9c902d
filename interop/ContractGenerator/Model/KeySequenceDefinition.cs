namespace VpcComApi.ContractGenerator.Model;

/// <summary>The words that IVMKeyboard understands.</summary>
public sealed record KeySequenceDefinition(
    string Separator,
    IReadOnlyList<string> Keys,
    IReadOnlyList<string> Modifiers,
    int HoldPauseMilliseconds);
