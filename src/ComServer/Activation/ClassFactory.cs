using System.Runtime.InteropServices.Marshalling;
using VpcComApi.Interop;

namespace VpcComApi.ComServer.Activation;

/// <summary>Gives every client the one application object of this process.</summary>
/// <param name="lifetime">What locks keep running, and what each call winds anew.</param>
/// <param name="clients">Takes note of who calls.</param>
/// <param name="application">Makes, or waits for, the application object.</param>
[GeneratedComClass]
internal sealed partial class ClassFactory(ServerLifetime lifetime, IClientObserver clients, Func<object> application) : IClassFactory
{
    private const int ClassDoesNotAggregate = unchecked((int)0x80040110);

    /// <inheritdoc/>
    public int CreateInstance(nint outer, in Guid interfaceId, out nint instance)
    {
        instance = 0;
        lifetime.Touch();
        clients.NoteCaller();
        if (outer != 0)
        {
            return ClassDoesNotAggregate;
        }

        try
        {
            return ComObjects.QueryInterface(application(), interfaceId, out instance);
        }
#pragma warning disable CA1031 // The caller is native code; the marshaller logs what nobody foresaw.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return ComErrorMarshaller.ConvertToUnmanaged(exception);
        }
    }

    /// <inheritdoc/>
    public int LockServer(int isLocked)
    {
        clients.NoteCaller();
        if (isLocked != 0)
        {
            lifetime.AddReference();
        }
        else
        {
            lifetime.ReleaseReference();
        }

        return HResults.S_OK;
    }
}
