namespace VpcComApi.Interop;

/// <summary>One class of the contract.</summary>
/// <param name="Name">The name.</param>
/// <param name="ClassId">The CLSID.</param>
/// <param name="DefaultInterfaceId">The IID of the interface that scripts get.</param>
/// <param name="DefaultSourceInterfaceId">The IID of the event interface that it fires, or null.</param>
/// <param name="IsCreatable">Whether clients can create it.</param>
/// <param name="IsApplicationObject">Whether it is the application object of the library.</param>
/// <param name="IsPredeclared">Whether a language may keep one instance ready.</param>
public sealed record ContractCoclass(
    string Name,
    Guid ClassId,
    Guid DefaultInterfaceId,
    Guid? DefaultSourceInterfaceId,
    bool IsCreatable,
    bool IsApplicationObject,
    bool IsPredeclared);
