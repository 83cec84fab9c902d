using VpcComApi.ContractGenerator.Model;

namespace VpcComApi.ContractGenerator.Idl;

/// <summary>Writes the contract in Microsoft's interface definition language, in the part of it that widl and MIDL both accept.</summary>
/// <remarks>
/// Everything is in one library block, so that all of it is in the type library. The HRESULTs and the constants, which are for C and C++
/// only, precede the library as text that the compilers copy into the header.
/// </remarks>
internal sealed class IdlWriter
{
    private readonly SourceWriter writer = new();

    private IdlWriter()
    {
    }

    /// <summary>Writes the whole file.</summary>
    public static string Write(Contract contract)
    {
        IdlWriter idl = new();
        idl.WriteFile(contract);
        return idl.writer.ToString();
    }

    private void WriteFile(Contract contract)
    {
        writer.Line("// Written by interop/ContractGenerator from interop/contract/vpc-api.json. Do not edit.");
        writer.Line();
        writer.Line("import \"oaidl.idl\";");
        writer.Line("import \"ocidl.idl\";");
        writer.Line();
        foreach (ConstantDefinition constant in contract.Constants)
        {
            Quote($"#define {constant.Name} ( {constant.Value} )");
        }

        writer.Line();
        foreach (HResultDefinition hresult in contract.Hresults.Concat(contract.HresultsDocsOnly))
        {
            Quote($"#define {hresult.Name} ((HRESULT){hresult.Value}L)");
        }

        writer.Line();
        WriteLibrary(contract);
    }

    private void WriteLibrary(Contract contract)
    {
        TypeLibraryDefinition library = contract.TypeLibrary;
        writer.Line("[");
        writer.Indented(() =>
        {
            writer.Line($"uuid({library.Libid}),");
            writer.Line($"version({library.Major}.{library.Minor}),");
            writer.Line("helpstring(\"Windows Virtual PC automation\")");
        });
        writer.Line("]");
        writer.Line($"library {library.Name}");
        writer.Block(
            () =>
            {
                writer.Line("importlib(\"stdole2.tlb\");");
                writer.Line();
                writer.Separated(contract.Enums, WriteEnum);
                writer.Line();
                writer.Separated(contract.Structs, WriteStruct);
                writer.Line();
                WriteForwardDeclarations(contract);
                writer.Line();
                writer.Separated(contract.Interfaces, WriteInterface);
                writer.Line();
                writer.Separated(contract.Coclasses, coclass => WriteCoclass(coclass, contract));
            },
            close: "};");
    }

    private void WriteEnum(EnumDefinition definition)
    {
        // The tag is the name: the compiler adds a tag to an enumeration without one, and tools then show that tag instead of the name.
        writer.Line($"typedef [v1_enum, uuid({definition.Uuid})]");
        writer.Line($"enum {definition.Name}");
        writer.Block(
            () => WriteList(definition.Members.Select(member => $"{member.Name} = {member.Value}")),
            close: $"}} {definition.Name};");
    }

    private void WriteStruct(StructDefinition definition)
    {
        writer.Line($"typedef struct {definition.Tag}");
        writer.Block(
            () =>
            {
                foreach (StructField field in definition.Fields)
                {
                    string bounds = field.Count is { } count ? $"[{count}]" : "";
                    writer.Line($"{field.Type} {field.Name}{bounds};");
                }
            },
            close: $"}} {definition.Name};");
    }

    private void WriteForwardDeclarations(Contract contract)
    {
        foreach (InterfaceDefinition definition in contract.Interfaces)
        {
            writer.Line($"{Keyword(definition)} {definition.Name};");
        }
    }

    private void WriteInterface(InterfaceDefinition definition)
    {
        if (definition.IsDual)
        {
            WriteDualInterface(definition);
        }
        else
        {
            WriteEventInterface(definition);
        }
    }

    private void WriteDualInterface(InterfaceDefinition definition)
    {
        List<string> attributes = ["object", $"uuid({definition.Iid})", "dual", "pointer_default(unique)"];
        if (definition.Hidden)
        {
            attributes.Add("hidden");
        }

        attributes.Add(HelpString(definition.Summary));
        WriteAttributes(attributes);
        writer.Line($"interface {definition.Name} : IDispatch");
        writer.Block(() => WriteMembers(definition.Members, result: "HRESULT"), close: "};");
    }

    private void WriteEventInterface(InterfaceDefinition definition)
    {
        WriteAttributes([$"uuid({definition.Iid})", HelpString(definition.Summary)]);
        writer.Line($"dispinterface {definition.Name}");
        writer.Block(
            () =>
            {
                writer.Line("properties:");
                writer.Line("methods:");
                writer.Indented(() => WriteMembers(definition.Members, result: "void"));
            },
            close: "};");
    }

    private void WriteMembers(IEnumerable<MemberDefinition> members, string result)
    {
        foreach (MemberDefinition member in members)
        {
            List<string> attributes = [$"id({FormatDispId(member.Dispid)})"];
            if (member.Kind is "propget" or "propput")
            {
                attributes.Add(member.Kind);
            }

            if (member.Restricted)
            {
                attributes.Add("restricted");
            }

            if (member.Hidden)
            {
                attributes.Add("hidden");
            }

            string parameters = string.Join(", ", member.Params.Select(FormatParameter));
            writer.Line($"[{string.Join(", ", attributes)}]");
            writer.Line($"{result} {member.Name}({parameters});");
        }
    }

    private static string FormatParameter(ParameterDefinition parameter)
    {
        string direction = parameter.Direction.Replace(",", ", ", StringComparison.Ordinal);
        return parameter.FixedArrayLength is { } length
            ? $"[{direction}] {parameter.BaseType} {parameter.Name}[{length}]"
            : $"[{direction}] {parameter.Type} {parameter.Name}";
    }

    private void WriteCoclass(CoclassDefinition coclass, Contract contract)
    {
        List<string> attributes = [$"uuid({coclass.Clsid})"];
        if (!coclass.Creatable)
        {
            attributes.Add("noncreatable");
        }

        if (coclass.Appobject)
        {
            // Makes the class predeclared as well.
            attributes.Add("appobject");
        }

        attributes.Add(HelpString(contract.Interfaces.Single(definition => definition.Name == coclass.DefaultInterface).Summary));
        WriteAttributes(attributes);
        writer.Line($"coclass {coclass.Name}");
        writer.Block(
            () =>
            {
                writer.Line($"[default] interface {coclass.DefaultInterface};");
                if (coclass.DefaultSourceInterface is { } source)
                {
                    writer.Line($"[default, source] dispinterface {source};");
                }
            },
            close: "};");
    }

    private void WriteAttributes(IEnumerable<string> attributes)
    {
        writer.Line("[");
        writer.Indented(() => WriteList(attributes));
        writer.Line("]");
    }

    private void WriteList(IEnumerable<string> items)
    {
        foreach (string line in string.Join(",\n", items).Split('\n'))
        {
            writer.Line(line);
        }
    }

    private void Quote(string line) => writer.Line($"cpp_quote(\"{line}\")");

    private static string Keyword(InterfaceDefinition definition) => definition.IsDual ? "interface" : "dispinterface";

    private static string HelpString(string text) => $"helpstring(\"{text.Replace("\"", "\\\"", StringComparison.Ordinal)}\")";

    private static string FormatDispId(int dispId) => dispId is >= 0 and < 0x10000 ? $"{dispId}" : $"0x{dispId:X8}";
}
