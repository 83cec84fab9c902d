namespace VpcComApi.Interop;

/// <summary>Answers late-bound calls for the objects of a server. The parameters are those of <see cref="IDispatch"/>.</summary>
public interface IDispatcher
{
    /// <summary>Answers <see cref="IDispatch.GetTypeInfoCount"/>.</summary>
    int GetTypeInfoCount(DispatchBase target, nint typeInfoCount);

    /// <summary>Answers <see cref="IDispatch.GetTypeInfo"/>.</summary>
    int GetTypeInfo(DispatchBase target, uint index, uint localeId, nint typeInfo);

    /// <summary>Answers <see cref="IDispatch.GetIDsOfNames"/>.</summary>
    int GetIDsOfNames(DispatchBase target, nint reserved, nint names, uint nameCount, uint localeId, nint dispIds);

    /// <summary>Answers <see cref="IDispatch.Invoke"/>.</summary>
    int Invoke(
        DispatchBase target,
        int dispId,
        nint reserved,
        uint localeId,
        ushort flags,
        nint parameters,
        nint result,
        nint exceptionInfo,
        nint argumentError);
}
