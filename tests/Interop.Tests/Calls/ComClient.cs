using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace VpcComApi.Interop.Tests.Calls;

/// <summary>Reaches a served object as a client does: through its vtable, although both are in one process.</summary>
internal static class ComClient
{
    private static readonly StrategyBasedComWrappers Wrappers = new();

    /// <summary>Wraps the vtable of a served object.</summary>
    public static T Connect<T>(object served)
        where T : class
    {
        nint unknown = Wrappers.GetOrCreateComInterfaceForObject(served, CreateComInterfaceFlags.None);
        try
        {
            return (T)Wrappers.GetOrCreateObjectForComInstance(unknown, CreateObjectFlags.UniqueInstance);
        }
        finally
        {
            Marshal.Release(unknown);
        }
    }
}
