using System.Runtime.InteropServices;
using VpcComApi.ComServer.Activation;
using VpcComApi.Interop;

namespace VpcComApi.ComServer.Automation;

/// <summary>
/// Answers late-bound calls from the type library: a name becomes a number there, and a number becomes a call of the object's own vtable,
/// with the arguments converted by the system. So late and early binding reach the same code, and an error's text travels in both.
/// </summary>
/// <param name="library">The type library.</param>
/// <param name="clients">Takes note of who calls.</param>
internal sealed unsafe partial class TypeLibraryDispatcher(TypeLibrary library, IClientObserver clients) : IDispatcher
{
    private const ushort PropertyPut = 4;
    private const ushort PropertyPutReference = 8;
    private const int MemberNotFound = unchecked((int)0x80020003);

    /// <inheritdoc/>
    public int GetTypeInfoCount(DispatchBase target, nint typeInfoCount)
    {
        *(uint*)typeInfoCount = 1;
        return HResults.S_OK;
    }

    /// <inheritdoc/>
    public int GetTypeInfo(DispatchBase target, uint index, uint localeId, nint typeInfo)
    {
        *(nint*)typeInfo = 0;
        if (index != 0)
        {
            return HResults.DISP_E_BADINDEX;
        }

        return Answer(() =>
        {
            nint description = library.Describe(target.DispatchInterfaceId);
            Marshal.AddRef(description);
            *(nint*)typeInfo = description;
            return HResults.S_OK;
        });
    }

    /// <inheritdoc/>
    public int GetIDsOfNames(DispatchBase target, nint reserved, nint names, uint nameCount, uint localeId, nint dispIds) =>
        Answer(() => DispGetIDsOfNames(library.Describe(target.DispatchInterfaceId), names, nameCount, dispIds));

    /// <inheritdoc/>
    public int Invoke(
        DispatchBase target,
        int dispId,
        nint reserved,
        uint localeId,
        ushort flags,
        nint parameters,
        nint result,
        nint exceptionInfo,
        nint argumentError)
    {
        clients.NoteCaller();
        return Answer(() =>
        {
            nint description = library.Describe(target.DispatchInterfaceId);
            Marshal.ThrowExceptionForHR(ComObjects.QueryInterface(target, target.DispatchInterfaceId, out nint dual));
            try
            {
                int answer = DispInvoke(dual, description, dispId, flags, parameters, result, exceptionInfo, argumentError);

                // The contract has no setter by reference; `Set x.Property = object` in a script asks for one and means the setter there
                // is.
                return answer == MemberNotFound && flags == PropertyPutReference
                    ? DispInvoke(dual, description, dispId, PropertyPut, parameters, result, exceptionInfo, argumentError)
                    : answer;
            }
            finally
            {
                Marshal.Release(dual);
            }
        });
    }

    private static int Answer(Func<int> call)
    {
        try
        {
            return call();
        }
#pragma warning disable CA1031 // The caller is native code; the marshaller logs what nobody foresaw.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return ComErrorMarshaller.ConvertToUnmanaged(exception);
        }
    }

    [LibraryImport("oleaut32")]
    private static partial int DispGetIDsOfNames(nint typeInfo, nint names, uint nameCount, nint dispIds);

    [LibraryImport("oleaut32")]
    private static partial int DispInvoke(
        nint target,
        nint typeInfo,
        int dispId,
        ushort flags,
        nint parameters,
        nint result,
        nint exceptionInfo,
        nint argumentError);
}
