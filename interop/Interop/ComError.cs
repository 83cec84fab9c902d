namespace VpcComApi.Interop;

/// <summary>The information about a failure for a caller.</summary>
/// <param name="HResult">The HRESULT; negative.</param>
/// <param name="Description">What failed, on what, and what to do: the text of IErrorInfo.</param>
public readonly record struct ComError(int HResult, string Description);
