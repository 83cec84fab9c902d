using System.Runtime.InteropServices.Marshalling;
using VpcComApi.ComServer.Activation;
using VpcComApi.Interop;

namespace VpcComApi.ComServer.Verification.Checks;

/// <summary>A class object that counts who comes, and gives nobody anything.</summary>
[GeneratedComClass]
internal sealed partial class CountingFactory : IClassFactory
{
    /// <summary>E_NOTIMPL: what everybody is answered.</summary>
    public const int Answer = unchecked((int)0x80004001);

    private int count;

    /// <summary>How many objects were asked for.</summary>
    public int Count => Volatile.Read(ref count);

    /// <inheritdoc/>
    public int CreateInstance(nint outer, in Guid interfaceId, out nint instance)
    {
        instance = 0;
        Interlocked.Increment(ref count);
        return Answer;
    }

    /// <inheritdoc/>
    public int LockServer(int isLocked) => HResults.S_OK;
}
