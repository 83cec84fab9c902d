namespace VpcComApi.ComServer.Automation;

/// <summary>One event on its way to a sink.</summary>
/// <param name="DispId">The event's number in its dispinterface.</param>
/// <param name="Arguments">Its arguments, in the order of the contract.</param>
internal sealed record EventCall(int DispId, IReadOnlyList<object?> Arguments);
