using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;
using System.Runtime.Versioning;

namespace VpcComApi.EarlyBoundClient;

/// <summary>Creates COM objects for source-generated interfaces.</summary>
[SupportedOSPlatform("windows")]
internal static partial class ComActivation
{
    private const uint AnyServer = 0x17; // CLSCTX_ALL

    private static readonly StrategyBasedComWrappers Wrappers = new();

    /// <summary>Creates an object of a COM class.</summary>
    /// <typeparam name="T">The interface through which it is used.</typeparam>
    /// <param name="classId">The class.</param>
    /// <exception cref="COMException">The class is not registered, or its server does not start.</exception>
    public static T Create<T>(Guid classId)
        where T : class
    {
        Marshal.ThrowExceptionForHR(CoCreateInstance(classId, 0, AnyServer, typeof(T).GUID, out nint pointer));
        try
        {
            return (T)Wrappers.GetOrCreateObjectForComInstance(pointer, CreateObjectFlags.None);
        }
        finally
        {
            Marshal.Release(pointer);
        }
    }

    [LibraryImport("ole32.dll")]
    private static partial int CoCreateInstance(in Guid classId, nint outer, uint context, in Guid interfaceId, out nint instance);
}
