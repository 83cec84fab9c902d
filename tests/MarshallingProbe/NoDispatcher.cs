using VpcComApi.Interop;

namespace VpcComApi.MarshallingProbe;

/// <summary>Refuses late-bound calls: the probe uses the vtable.</summary>
internal sealed class NoDispatcher : IDispatcher
{
    private const int NotImplemented = unchecked((int)0x80004001);

    public int GetTypeInfoCount(DispatchBase target, nint typeInfoCount) => NotImplemented;

    public int GetTypeInfo(DispatchBase target, uint index, uint localeId, nint typeInfo) => NotImplemented;

    public int GetIDsOfNames(DispatchBase target, nint reserved, nint names, uint nameCount, uint localeId, nint dispIds) => NotImplemented;

    public int Invoke(
        DispatchBase target,
        int dispId,
        nint reserved,
        uint localeId,
        ushort flags,
        nint parameters,
        nint result,
        nint exceptionInfo,
        nint argumentError) => NotImplemented;
}
