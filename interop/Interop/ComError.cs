namespace VpcComApi.Interop;

/// <summary>What a caller learns of a failure.</summary>
/// <param name="HResult">The HRESULT; negative.</param>
/// <param name="Description">What failed, on what, and what to do: the text of IErrorInfo.</param>
public readonly record struct ComError(int HResult, string Description);
