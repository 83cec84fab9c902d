using VpcComApi.ContractGenerator.Model;

namespace VpcComApi.Interop.Tests.TypeLibrary;

/// <summary>
/// What a type library must say, one line a fact, written from the contract. <see cref="LibraryFacts"/> writes the same lines.
/// </summary>
internal static class ContractFacts
{
    // TYPEFLAGS
    private const int AppObject = 0x1;
    private const int CanCreate = 0x2;
    private const int Predeclared = 0x8;
    private const int Hidden = 0x10;
    private const int Dual = 0x40;
    private const int Dispatchable = 0x1000;

    // FUNCFLAGS
    private const int FunctionRestricted = 0x1;
    private const int FunctionHidden = 0x40;

    // IMPLTYPEFLAGS
    private const int DefaultInterface = 0x1;
    private const int SourceInterface = 0x2;

    // PARAMFLAG
    private const int In = 0x1;
    private const int Out = 0x2;
    private const int ReturnValue = 0x8;

    public static IEnumerable<string> Types(Contract contract) =>
    [
        .. contract.Enums.Select(e => $"ENUM {e.Name} {new Guid(e.Uuid)} flags 0"),
        .. contract.Structs.Select(s => $"RECORD {s.Tag} {Guid.Empty} flags 0 size {s.Size}"),
        .. contract.Interfaces.Select(i => $"DISPATCH {i.Name} {new Guid(i.Iid)} flags {FlagsOf(i):X} \"{i.Summary}\""),
        .. contract.Coclasses.Select(c => $"COCLASS {TypeLibrarySpelling.OfClass(c.Name)} {new Guid(c.Clsid)} flags {FlagsOf(c):X}"),
    ];

    public static IEnumerable<string> VtableMembers(Contract contract) =>
        from definition in contract.DualInterfaces
        from member in definition.Members
        let parameters = string.Join(", ", member.Params.Select(parameter => $"{FlagsOf(parameter):X} {TypeOf(parameter)}"))
        select $"{NameOf(definition, member)} slot {member.Slot} id {member.Dispid} {InvokeKindOf(member)} flags {FlagsOf(member):X} "
            + $"HRESULT({parameters})";

    public static IEnumerable<string> DispatchMembers(Contract contract) =>
        from definition in contract.Interfaces
        from member in definition.Members
        let returned = member.Params.SingleOrDefault(parameter => parameter.Direction == "out,retval")
        let result = returned is null ? "void" : TypeOf(returned)[..^1]
        let parameters = string.Join(", ", member.Params.Where(p => p != returned).Select(p => $"{FlagsOf(p):X} {TypeOf(p)}"))
        select $"{NameOf(definition, member)} id {member.Dispid} {InvokeKindOf(member)} flags {FlagsOf(member):X} {result}({parameters})";

    public static IEnumerable<string> ParameterNames(Contract contract) =>
        from definition in contract.Interfaces
        from member in definition.Members
        // The value of a property that is set has no name in a type library.
        let names = member.Kind == "propput" ? [""] : member.Params.Select(parameter => parameter.Name)
        select $"{definition.Name}.{member.Name} {InvokeKindOf(member)}({string.Join(", ", names)})";

    public static IEnumerable<string> EnumMembers(Contract contract) =>
        from definition in contract.Enums
        from member in definition.Members
        select $"{definition.Name}.{member.Name} = {member.Value}";

    public static IEnumerable<string> Fields(Contract contract) =>
        from definition in contract.Structs
        from field in definition.Fields
        let array = field.Count is { } count ? $"[{count}]" : ""
        select $"{definition.Tag}.{field.Name} at {field.Offset} {field.Type}{array}";

    public static IEnumerable<string> ImplementedInterfaces(Contract contract)
    {
        foreach (CoclassDefinition coclass in contract.Coclasses)
        {
            yield return $"{TypeLibrarySpelling.OfClass(coclass.Name)} {coclass.DefaultInterface} flags {DefaultInterface}";
            if (coclass.DefaultSourceInterface is { } source)
            {
                yield return $"{TypeLibrarySpelling.OfClass(coclass.Name)} {source} flags {DefaultInterface | SourceInterface}";
            }
        }
    }

    private static string NameOf(InterfaceDefinition definition, MemberDefinition member) =>
        $"{definition.Name}.{TypeLibrarySpelling.OfMember(definition.Name, member.Name)}";

    private static string InvokeKindOf(MemberDefinition member) => member.Kind switch
    {
        "method" or "event" => "FUNC",
        "propget" => "PROPERTYGET",
        "propput" => "PROPERTYPUT",
        _ => throw new InvalidDataException($"The contract has a member of the kind '{member.Kind}'."),
    };

    // A type library names a structure by its tag.
    private static string TypeOf(ParameterDefinition parameter) =>
        parameter.Type.Replace("GUESTOSVERSIONINFOEX", "_GUESTOSVERSIONINFOEX", StringComparison.Ordinal);

    private static int FlagsOf(ParameterDefinition parameter) => parameter.Direction switch
    {
        "in" => In,
        "out" => Out,
        "out,retval" => Out | ReturnValue,
        _ => throw new InvalidDataException($"The contract has a parameter of the direction '{parameter.Direction}'."),
    };

    private static int FlagsOf(MemberDefinition member) =>
        (member.Restricted ? FunctionRestricted : 0) | (member.Hidden ? FunctionHidden : 0);

    private static int FlagsOf(InterfaceDefinition definition) =>
        Dispatchable | (definition.Kind == "dual" ? Dual : 0) | (definition.Hidden ? Hidden : 0);

    private static int FlagsOf(CoclassDefinition coclass) =>
        (coclass.Creatable ? CanCreate : 0) | (coclass.Appobject ? AppObject : 0) | (coclass.Predeclid ? Predeclared : 0);
}
