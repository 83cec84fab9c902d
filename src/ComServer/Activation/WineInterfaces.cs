using System.Runtime.InteropServices;
using VpcComApi.ComServer.Automation;
using VpcComApi.Interop;

namespace VpcComApi.ComServer.Activation;

/// <summary>
/// For Wine, whose COM registers an interface with its RPC runtime when the first object of it is handed out, and takes the registration
/// back with the last: keeps every interface registered for as long as the server serves.
/// </summary>
/// <remarks>
/// Wine 8 waits, under the lock that every object on its way out needs, for the calls of the interface that it takes back, and can miss
/// their end: a call is counted off without that lock after its answer was sent, and when it does so while the waiter is still making its
/// event, nobody sets the event. The waiter then waits for ever, and with it every call that gives an object away. A client that reads one
/// property of an object and lets the object go brings that about once in some thousand times. What is never taken back never waits.
/// </remarks>
internal sealed class WineInterfaces : IDisposable
{
    /// <summary>The interfaces beside the contract's that clients can reach.</summary>
    private static readonly Guid[] General =
    [
        new("00000001-0000-0000-C000-000000000046"), // IClassFactory
        new("6D5140C1-7436-11CE-8034-00AA006009FA"), // IServiceProvider, by which Wine hands out class factories
        new("00020400-0000-0000-C000-000000000046"), // IDispatch
        new("00020401-0000-0000-C000-000000000046"), // ITypeInfo
        new("00020402-0000-0000-C000-000000000046"), // ITypeLib
        new("00020403-0000-0000-C000-000000000046"), // ITypeComp
        new("00020404-0000-0000-C000-000000000046"), // IEnumVARIANT
        new("DF0B3D60-548F-101B-8E65-08002B2BD119"), // ISupportErrorInfo
        typeof(IProvideClassInfo).GUID,
        typeof(IProvideClassInfo2).GUID,
        typeof(IConnectionPointContainer).GUID,
        typeof(IConnectionPoint).GUID,
        typeof(IEnumConnectionPoints).GUID,
        typeof(IEnumConnections).GUID,
    ];

    private readonly InterfaceKeeper keeper;

    /// <summary>Registers the interfaces. Must come before the first client.</summary>
    /// <exception cref="COMException">COM refused.</exception>
    public WineInterfaces()
    {
        HashSet<Guid> interfaces = [.. General, .. ContractInterfaces.All.Where(known => known.IsDual).Select(known => known.InterfaceId)];
        keeper = new InterfaceKeeper(interfaces);
        Marshal.ThrowExceptionForHR(ComRuntime.CreateStreamOnHGlobal(0, deleteOnRelease: 1, out nint stream));
        nint unknown = ComObjects.GetUnknown(keeper);
        try
        {
            foreach (Guid id in interfaces)
            {
                // Refused where an interface has no marshaller. No client can get at it then.
                _ = ComRuntime.CoMarshalInterface(stream, id, unknown, ComRuntime.LocalContext, 0, ComRuntime.TableStrong);
            }
        }
        finally
        {
            Marshal.Release(unknown);
            Marshal.Release(stream);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => ComObjects.Disconnect(keeper);
}
