using System.Text;
using VpcComApi.ContractGenerator.Model;

namespace VpcComApi.Interop.Tests.Header;

/// <summary>
/// Writes a C++ program from the contract that includes the header as client code does. What the compiler can see, it asserts as it is
/// compiled: values, sizes, offsets and the exact signature of every method. What only shows at run time, identifiers and vtable slots, it
/// compares as it runs; it prints what differs.
/// </summary>
internal static class CppProbe
{
    /// <summary>Writes the program.</summary>
    /// <param name="contract">What it compares the header with.</param>
    /// <param name="definesGuids">Whether it defines the GUIDs itself, with initguid.h; otherwise it links vpccominterfaces_i.c.</param>
    public static string Write(Contract contract, bool definesGuids)
    {
        StringBuilder program = new();
        program.Append(definesGuids ? "#include <initguid.h>\n" : "");
        program.Append("""
            #include <vpccominterfaces.h>
            #include <cstddef>
            #include <cstdio>
            #include <cstring>

            static int differences = 0;

            static void Compare(const char* name, const GUID& actual, const GUID& expected)
            {
                if (!IsEqualGUID(actual, expected))
                {
                    std::printf("%s has another GUID\n", name);
                    differences++;
                }
            }

            // A pointer to a virtual method holds its offset in the vtable plus one (Itanium C++ ABI, which mingw-w64 follows).
            template <typename Method>
            static void CompareSlot(const char* name, Method method, std::size_t slot)
            {
                std::size_t offset;
                std::memcpy(&offset, &method, sizeof offset);
                if (offset - 1 != slot * sizeof(void*))
                {
                    std::printf("%s is not in slot %u\n", name, static_cast<unsigned>(slot));
                    differences++;
                }
            }


            """.ReplaceLineEndings("\n"));
        WriteStaticAssertions(program, contract);
        program.Append("\nint main()\n{\n");
        WriteGuids(program, contract);
        WriteSlots(program, contract);
        program.Append("    std::printf(\"%d differences\\n\", differences);\n    return differences;\n}\n");
        return program.ToString();
    }

    private static void WriteStaticAssertions(StringBuilder program, Contract contract)
    {
        foreach (HResultDefinition hresult in contract.Hresults.Concat(contract.HresultsDocsOnly))
        {
            program.Append($"static_assert({hresult.Name} == static_cast<HRESULT>({hresult.Value}), \"{hresult.Name}\");\n");
        }

        foreach (ConstantDefinition constant in contract.Constants)
        {
            program.Append($"static_assert({constant.Name} == {constant.Value}, \"{constant.Name}\");\n");
        }

        foreach (EnumDefinition definition in contract.Enums)
        {
            program.Append($"static_assert(sizeof(enum {definition.Name}) == 4, \"{definition.Name}\");\n");
            foreach (EnumMember member in definition.Members)
            {
                program.Append($"static_assert({member.Name} == static_cast<{definition.Name}>({member.Value}), \"{member.Name}\");\n");
            }
        }

        foreach (StructDefinition definition in contract.Structs)
        {
            program.Append($"static_assert(sizeof({definition.Name}) == {definition.Size}, \"{definition.Name}\");\n");
            program.Append($"static_assert(sizeof(struct {definition.Tag}) == {definition.Size}, \"{definition.Tag}\");\n");
            foreach (StructField field in definition.Fields)
            {
                program.Append($"static_assert(offsetof({definition.Name}, {field.Name}) == {field.Offset}, \"{field.Name}\");\n");
            }
        }
    }

    private static void WriteGuids(StringBuilder program, Contract contract)
    {
        program.Append($"    Compare(\"LIBID\", LIBID_{contract.TypeLibrary.Name}, {Initializer(contract.TypeLibrary.Libid)});\n");
        foreach (InterfaceDefinition definition in contract.Interfaces)
        {
            string constant = definition.Kind == "dual" ? $"IID_{definition.Name}" : $"DIID_{definition.Name}";
            program.Append($"    Compare(\"{constant}\", {constant}, {Initializer(definition.Iid)});\n");
            program.Append($"    Compare(\"{definition.Name}\", __uuidof({definition.Name}), {Initializer(definition.Iid)});\n");
        }

        foreach (CoclassDefinition coclass in contract.Coclasses)
        {
            program.Append($"    Compare(\"CLSID_{coclass.Name}\", CLSID_{coclass.Name}, {Initializer(coclass.Clsid)});\n");
            program.Append($"    Compare(\"{coclass.Name}\", __uuidof({coclass.Name}), {Initializer(coclass.Clsid)});\n");
        }
    }

    private static void WriteSlots(StringBuilder program, Contract contract)
    {
        foreach (InterfaceDefinition definition in contract.DualInterfaces)
        {
            foreach (MemberDefinition member in definition.Members)
            {
                string name = $"{definition.Name}::{member.VtblName}";
                string parameters = string.Join(", ", member.Params.Select(TypeOf));
                program.Append(
                    $"    CompareSlot<HRESULT (STDMETHODCALLTYPE {definition.Name}::*)({parameters})>(\"{name}\", &{name}, "
                        + $"{member.Slot});\n");
            }
        }
    }

    /// <summary>An array parameter is the address of its first element.</summary>
    private static string TypeOf(ParameterDefinition parameter) =>
        parameter.Type.EndsWith(']') ? $"{parameter.BaseType}*" : parameter.Type;

    private static string Initializer(string guid)
    {
        byte[] bytes = new Guid(guid).ToByteArray();
        string tail = string.Join(", ", bytes.Skip(8).Select(value => $"0x{value:x2}"));
        return $"GUID{{0x{BitConverter.ToUInt32(bytes, 0):x}, 0x{BitConverter.ToUInt16(bytes, 4):x}, "
            + $"0x{BitConverter.ToUInt16(bytes, 6):x}, "
            + $"{{{tail}}}}}";
    }
}
