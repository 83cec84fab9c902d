namespace VpcComApi.Interop;

/// <summary>One interface of the contract.</summary>
/// <param name="Name">The name.</param>
/// <param name="InterfaceId">The IID.</param>
/// <param name="IsDual">Whether it has a vtable; if not, it is a dispinterface that carries events.</param>
/// <param name="IsHidden">Whether object browsers leave it out.</param>
public sealed record ContractInterface(string Name, Guid InterfaceId, bool IsDual, bool IsHidden);
