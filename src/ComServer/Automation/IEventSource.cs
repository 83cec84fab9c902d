using VpcComApi.Interop;

namespace VpcComApi.ComServer.Automation;

/// <summary>A served object that fires one set of events.</summary>
internal interface IEventSource : IDescribedObject, IConnectionPointContainer
{
    private const int NoConnection = unchecked((int)0x80040200);

    /// <summary>Where the sinks attach.</summary>
    ConnectionPoint Events { get; }

    IEnumConnectionPoints IConnectionPointContainer.EnumConnectionPoints() => Events.EnumerateAlone();

    int IConnectionPointContainer.FindConnectionPoint(in Guid interfaceId, out IConnectionPoint? point)
    {
        point = interfaceId == Events.GetConnectionInterface() ? Events : null;
        return point is null ? NoConnection : HResults.S_OK;
    }
}
