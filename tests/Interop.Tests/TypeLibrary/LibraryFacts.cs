using VpcComApi.TypeLibraryReader;

namespace VpcComApi.Interop.Tests.TypeLibrary;

/// <summary>The content of a type library, one line for each fact, in the form of <see cref="ContractFacts"/>.</summary>
internal static class LibraryFacts
{
    /// <summary>SYSKIND of a 64-bit library, whose vtable offsets count in steps of 8.</summary>
    private const int System64 = 3;

    public static IEnumerable<string> Types(LibraryDescription library) => library.Types.Select(type => type.Kind switch
    {
        "RECORD" => $"RECORD {type.Name} {type.Identifier} flags {type.Flags:X} size {type.Size}",
        "DISPATCH" => $"DISPATCH {type.Name} {type.Identifier} flags {type.Flags:X} \"{type.HelpString}\"",
        _ => $"{type.Kind} {type.Name} {type.Identifier} flags {type.Flags:X}",
    });

    public static IEnumerable<string> VtableMembers(LibraryDescription library) =>
        from type in library.Types
        from function in type.Vtable ?? []
        let parameters = string.Join(", ", function.Parameters.Select(parameter => $"{parameter.Flags:X} {parameter.Type}"))
        select $"{type.Name}.{function.Name} slot {function.VtableOffset / PointerSize(library)} id {function.DispId} "
            + $"{function.InvokeKind} "
            + $"flags {function.Flags:X} {function.ReturnType}({parameters})";

    public static IEnumerable<string> DispatchMembers(LibraryDescription library) =>
        from type in library.Types
        from function in OwnFunctions(type)
        let parameters = string.Join(", ", function.Parameters.Select(parameter => $"{parameter.Flags:X} {parameter.Type}"))
        select $"{type.Name}.{function.Name} id {function.DispId} {function.InvokeKind} flags {function.Flags:X} "
            + $"{function.ReturnType}({parameters})";

    public static IEnumerable<string> ParameterNames(LibraryDescription library) =>
        from type in library.Types
        from function in type.Vtable ?? type.Functions
        let names = string.Join(", ", function.Parameters.Select(parameter => parameter.Name))
        select $"{type.Name}.{function.Name} {function.InvokeKind}({names})";

    public static IEnumerable<string> EnumMembers(LibraryDescription library) =>
        from type in library.Types
        where type.Kind == "ENUM"
        from member in type.Variables
        select $"{type.Name}.{member.Name} = {member.Value}";

    public static IEnumerable<string> Fields(LibraryDescription library) =>
        from type in library.Types
        where type.Kind == "RECORD"
        from field in type.Variables
        // A wide character is a signed 16-bit number to widl, an unsigned one to MIDL.
        let fieldType = field.Type == "short[128]" ? "wchar_t[128]" : field.Type
        select $"{type.Name}.{field.Name} at {field.Value} {fieldType}";

    public static IEnumerable<string> ImplementedInterfaces(LibraryDescription library) =>
        from type in library.Types
        where type.Kind == "COCLASS"
        from implemented in type.Implements
        select $"{type.Name} {implemented.Name} flags {implemented.Flags}";

    /// <summary>The functions of a dual interface begin with those of IUnknown and IDispatch.</summary>
    private static IEnumerable<FunctionDescription> OwnFunctions(TypeDescription type)
    {
        string[] inherited = ["QueryInterface", "AddRef", "Release", "GetTypeInfoCount", "GetTypeInfo", "GetIDsOfNames", "Invoke"];
        if (type.Vtable is null)
        {
            return type.Functions;
        }

        Assert.That(type.Functions.Take(inherited.Length).Select(function => function.Name), Is.EqualTo(inherited), type.Name);
        return type.Functions.Skip(inherited.Length);
    }

    private static int PointerSize(LibraryDescription library)
    {
        Assert.That(library.System, Is.EqualTo(System64));
        return 8;
    }
}
