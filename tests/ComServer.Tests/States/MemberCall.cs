using System.Reflection;
using Microsoft.Extensions.Logging.Abstractions;
using VpcComApi.ComServer.Adapters;
using VpcComApi.Interop;

namespace VpcComApi.ComServer.Tests.States;

/// <summary>
/// Calls a member of the contract on an adapter, as its COM stub does, with arguments that can only be refused because of the machine's
/// state.
/// </summary>
internal static class MemberCall
{
    private static readonly ErrorTranslator Translator = new(NullLogger<ErrorTranslator>.Instance);

    /// <summary>The arguments that have to be more than a default of their type, by interface and member of the vtable.</summary>
    private static readonly Dictionary<string, Func<MachineBench, object?[]>> Arguments = new()
    {
        ["IVMVirtualMachine.put_Name"] = _ => ["Renamed"],
        ["IVMVirtualMachine.put_Memory"] = _ => [256],
        ["IVMVirtualMachine.put_BIOSGUID"] = _ => ["{5242d6d9-20f8-7442-b2e6-dfcffc45749a}"],
        ["IVMVirtualMachine.AddHardDiskConnection"] = bench => [Path.Combine(bench.Folder, "missing.vhd"), 0, 0],
        ["IVMVirtualMachine.RemoveHardDiskConnection"] = bench => [bench.Objects.GetValueOrDefault("IVMHardDiskConnection")],
        ["IVMVirtualMachine.AddDVDROMDrive"] = _ => [1, 1],
        ["IVMVirtualMachine.RemoveDVDROMDrive"] = bench => [bench.Objects.GetValueOrDefault("IVMDVDDrive")],
        ["IVMVirtualMachine.RemoveNetworkAdapter"] = bench => [bench.Objects["IVMNetworkAdapter"]],
        ["IVMVirtualMachine.GetConfigurationValue"] = _ => ["hardware/memory/ram_size"],
        ["IVMVirtualMachine.SetConfigurationValue"] = _ => ["test/value", 1],
        ["IVMVirtualMachine.RemoveConfigurationValue"] = _ => ["hardware/bios/bios_guid"],
        ["IVMVirtualMachine.GetActivationValue"] = _ => ["hardware/memory/ram_size"],
        ["IVMVirtualMachine.SetActivationValue"] = _ => ["test/value", 1],
        ["IVMVirtualMachine.RemoveActivationValue"] = _ => ["hardware/memory/ram_size"],
        ["IVMVirtualMachine.StartCommunicationChannel"] =
            _ => [VMEndpointType.vmEndpoint_NamedPipe, @"\\.\pipe\state-test", VMEndpointType.vmEndpoint_TCPIP, "6174"],
        ["IVMDisplay.SetDimensions"] = _ => [800, 600],
        ["IVMKeyboard.PressKey"] = _ => ["Key_A"],
        ["IVMKeyboard.ReleaseKey"] = _ => ["Key_A"],
        ["IVMKeyboard.PressAndReleaseKey"] = _ => ["Key_A"],
        ["IVMKeyboard.IsPressed"] = _ => ["Key_A"],
        ["IVMKeyboard.TypeAsciiText"] = _ => ["a"],
        ["IVMKeyboard.TypeKeySequence"] = _ => ["Key_A"],
        ["IVMNetworkAdapter.AttachToVirtualNetwork"] = bench => [bench.Application.get_VirtualNetworks().get_Item(1)],
        ["IVMNetworkAdapter.put_EthernetAddress"] = _ => ["00-03-FF-12-34-56"],
        ["IVMVirtualPC.DeleteVirtualMachine"] = bench => [bench.Machine],
        ["IVMVirtualPC.UnregisterVirtualMachine"] = bench => [bench.Machine],
    };

    /// <summary>Calls a member and waits for the task that it may answer.</summary>
    /// <param name="bench">The machine.</param>
    /// <param name="member">The member.</param>
    /// <param name="target">The object.</param>
    /// <returns>The HRESULT that a client sees.</returns>
    public static int Invoke(MachineBench bench, ContractMember member, object target)
    {
        MethodInfo method = target.GetType().GetMethod(member.VtableName, BindingFlags.Public | BindingFlags.Instance)!;
        object?[] arguments = Arguments.TryGetValue($"{member.InterfaceName}.{member.VtableName}", out Func<MachineBench, object?[]>? given)
            ? given(bench)
            : [.. method.GetParameters().Select(DefaultOf)];
        try
        {
            object? result = method.Invoke(target, arguments);
            if (result is IVMTask task && bench.Machine.get_State() is not (VMVMState.vmVMState_TurningOn or VMVMState.vmVMState_Restoring))
            {
                MachineBench.Finish(task);
            }

            return method.ReturnType == typeof(int) && member.Kind != ContractMemberKind.PropertyGet ? (int)result! : 0;
        }
        catch (TargetInvocationException e)
        {
            return Translator.Translate(e.InnerException!).HResult;
        }
    }

    private static object? DefaultOf(ParameterInfo parameter)
    {
        Type type = parameter.ParameterType;
        return type.IsByRef ? null
            : type == typeof(string) ? "1"
            : type.IsEnum ? Enum.GetValues(type).GetValue(Enum.GetValues(type).Length - 1)
            : type.IsValueType ? Activator.CreateInstance(type)
            : null;
    }
}
