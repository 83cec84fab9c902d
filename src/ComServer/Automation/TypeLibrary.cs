using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using VpcComApi.ComServer.Activation;

namespace VpcComApi.ComServer.Automation;

/// <summary>The type library of the contract, as COM reads it. Its descriptions are kept as long as the process lives.</summary>
internal sealed unsafe partial class TypeLibrary
{
    /// <summary>The file beside the program that holds the library.</summary>
    public const string FileName = "VirtualPC.tlb";

    /// <summary>REGKIND_NONE: load and register nothing.</summary>
    private const int DoNotRegister = 2;

    // ITypeLib: IUnknown's three, GetTypeInfoCount, GetTypeInfo, GetTypeInfoType, GetTypeInfoOfGuid.
    private const int GetTypeInfoOfGuidSlot = 6;

    private readonly ConcurrentDictionary<Guid, nint> descriptions = new();
    private readonly Lazy<nint> library;

    /// <summary>The library in a file. It is read when it is first needed.</summary>
    /// <param name="file">The full path.</param>
    public TypeLibrary(string file) => library = new Lazy<nint>(() => Load(file));

    /// <summary>The library beside the program.</summary>
    public static string DefaultFile => Path.Combine(AppContext.BaseDirectory, FileName);

    /// <summary>The ITypeInfo of an interface or class. The reference is the library's own.</summary>
    /// <param name="id">The IID or CLSID.</param>
    /// <exception cref="ComFailureException">The library cannot be read, or does not have it.</exception>
    public nint Describe(Guid id) => descriptions.GetOrAdd(id, Find);

    private static nint Load(string file)
    {
        int result = LoadTypeLibEx(file, DoNotRegister, out nint loaded);
        return result >= 0
            ? loaded
            : throw new ComFailureException(
                $"The type library \"{file}\" cannot be read. Put the file that belongs to vpc.exe beside it.", result);
    }

    private nint Find(Guid id)
    {
        nint description = 0;
        delegate* unmanaged[MemberFunction]<nint, Guid*, nint*, int> getTypeInfoOfGuid =
            (delegate* unmanaged[MemberFunction]<nint, Guid*, nint*, int>)(*(void***)library.Value)[GetTypeInfoOfGuidSlot];
        int result = getTypeInfoOfGuid(library.Value, &id, &description);
        return result >= 0
            ? description
            : throw new ComFailureException(
                $"The type library does not describe {id:B}: {FileName} does not belong to this vpc.exe.", result);
    }

    [LibraryImport("oleaut32", StringMarshalling = StringMarshalling.Utf16)]
    private static partial int LoadTypeLibEx(string file, int registration, out nint library);

    /// <summary>Loads a type library as clients do, by its registration.</summary>
    /// <returns>An HRESULT. The caller releases the library.</returns>
    [LibraryImport("oleaut32")]
    internal static partial int LoadRegTypeLib(in Guid id, ushort major, ushort minor, uint locale, out nint library);
}
