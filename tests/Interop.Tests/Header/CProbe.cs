using System.Text;
using VpcComApi.ContractGenerator.Model;

namespace VpcComApi.Interop.Tests.Header;

/// <summary>Writes a C program from the contract: in C the vtables are structures, whose offsets the compiler can assert.</summary>
internal static class CProbe
{
    /// <summary>Writes the program.</summary>
    public static string Write(Contract contract)
    {
        StringBuilder program = new("#define COBJMACROS\n#include <vpccominterfaces.h>\n#include <stddef.h>\n\n");
        foreach (InterfaceDefinition definition in contract.DualInterfaces)
        {
            foreach (MemberDefinition member in definition.Members)
            {
                string name = $"{definition.Name}Vtbl, {member.VtblName}";
                program.Append(
                    $"_Static_assert(offsetof({name}) == {member.Slot} * sizeof(void*), \"{definition.Name}.{member.VtblName}\");\n");
            }

            program.Append(
                $"_Static_assert(sizeof({definition.Name}Vtbl) == {7 + definition.Members.Count} * sizeof(void*), "
                    + $"\"{definition.Name}\");\n");
        }

        // The macros of C clients.
        program.Append("\nHRESULT GetState(IVMVirtualMachine* machine, VMVMState* state)\n{\n");
        program.Append("    return IVMVirtualMachine_get_State(machine, state);\n}\n");
        return program.ToString();
    }
}
