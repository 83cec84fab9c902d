using System.Runtime.InteropServices;
using VpcComApi.ComServer.Activation;
using VpcComApi.Interop;

namespace VpcComApi.ComServer.Automation;

/// <summary>What an object can say of its class.</summary>
/// <param name="library">The type library.</param>
/// <param name="contract">The class in the contract.</param>
internal sealed class ServedClass(TypeLibrary library, ContractCoclass contract)
{
    /// <summary>GUIDKIND_DEFAULT_SOURCE_DISP_IID.</summary>
    private const uint DefaultSource = 1;

    /// <summary>Finds a class of the contract.</summary>
    /// <param name="library">The type library.</param>
    /// <param name="classId">The CLSID.</param>
    public static ServedClass Of(TypeLibrary library, Guid classId) =>
        new(library, ContractCoclasses.All.Single(coclass => coclass.ClassId == classId));

    /// <summary>Answers <see cref="IProvideClassInfo.GetClassInfo"/>.</summary>
    public int GetClassInfo(out nint typeInfo)
    {
        typeInfo = 0;
        try
        {
            nint description = library.Describe(contract.ClassId);
            Marshal.AddRef(description);
            typeInfo = description;
            return HResults.S_OK;
        }
        catch (ComFailureException exception)
        {
            return ComErrorMarshaller.ConvertToUnmanaged(exception);
        }
    }

    /// <summary>Answers <see cref="IProvideClassInfo2.GetGUID"/>.</summary>
    public int GetIdentifier(uint kind, out Guid identifier)
    {
        identifier = contract.DefaultSourceInterfaceId ?? Guid.Empty;
        return kind == DefaultSource && identifier != Guid.Empty ? HResults.S_OK : HResults.E_INVALIDARG;
    }
}
