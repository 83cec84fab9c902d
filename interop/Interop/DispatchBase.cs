namespace VpcComApi.Interop;

/// <summary>
/// The base class of all served objects: IDispatch, passed to the server's <see cref="IDispatcher"/>, and ISupportErrorInfo.
/// </summary>
/// <param name="dispatcher">Answers late-bound calls.</param>
public abstract class DispatchBase(IDispatcher dispatcher) : IDispatch, ISupportErrorInfo
{
    /// <summary>The dual interface that late-bound calls reach.</summary>
    public abstract Guid DispatchInterfaceId { get; }

    /// <inheritdoc/>
    public int GetTypeInfoCount(nint typeInfoCount) => dispatcher.GetTypeInfoCount(this, typeInfoCount);

    /// <inheritdoc/>
    public int GetTypeInfo(uint index, uint localeId, nint typeInfo) => dispatcher.GetTypeInfo(this, index, localeId, typeInfo);

    /// <inheritdoc/>
    public int GetIDsOfNames(nint reserved, nint names, uint nameCount, uint localeId, nint dispIds) =>
        dispatcher.GetIDsOfNames(this, reserved, names, nameCount, localeId, dispIds);

    /// <inheritdoc/>
    public int Invoke(
        int dispId,
        nint reserved,
        uint localeId,
        ushort flags,
        nint parameters,
        nint result,
        nint exceptionInfo,
        nint argumentError) =>
        dispatcher.Invoke(this, dispId, reserved, localeId, flags, parameters, result, exceptionInfo, argumentError);

    /// <inheritdoc/>
    public virtual int InterfaceSupportsErrorInfo(in Guid interfaceId) =>
        interfaceId == DispatchInterfaceId ? HResults.S_OK : HResults.S_FALSE;
}
