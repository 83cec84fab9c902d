using System.Reflection;
using System.Text;
using VpcComApi.ComServer.Adapters;
using VpcComApi.Interop;

namespace VpcComApi.ComServer.Tests.Adapters;

/// <summary>Reads off the adapters which members of the contract work, and writes it down as docs/compatibility.md.</summary>
internal static class CompatibilityTable
{
    private const string BaseSuffix = "Base";

    /// <summary>The adapter of each interface that has one.</summary>
    private static readonly Dictionary<string, Type> AdapterOf = typeof(Application).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(DispatchBase)) && !type.IsAbstract)
        .ToDictionary(type => "I" + type.BaseType!.Name[..^BaseSuffix.Length]);

    private static readonly Dictionary<string, IReadOnlyCollection<int>> FiredEventsOf = new()
    {
        ["IVMVirtualPCEvents"] = VirtualPCAdapter.FiredEvents,
        ["IVMVirtualMachineEvents"] = VirtualMachineAdapter.FiredEvents,
    };

    /// <summary>The names of the interfaces that have an adapter.</summary>
    public static IReadOnlyCollection<string> AdaptedInterfaces => AdapterOf.Keys;

    /// <summary>Whether a member works.</summary>
    public static bool Works(ContractMember member) => member.Kind == ContractMemberKind.Event
        ? FiredEventsOf.GetValueOrDefault(member.InterfaceName)?.Contains(member.DispId) == true
        : AdapterOf.TryGetValue(member.InterfaceName, out Type? adapter)
            && adapter.GetMethod(member.VtableName, BindingFlags.Public | BindingFlags.Instance)!.DeclaringType == adapter;

    /// <summary>Writes the page.</summary>
    public static string Render()
    {
        StringBuilder page = new();
        ContractMember[] members = [.. ContractMembers.All.Where(member => member.Kind != ContractMemberKind.Event)];
        ContractMember[] events = [.. ContractMembers.All.Where(member => member.Kind == ContractMemberKind.Event)];
        page.Append(
            $"""
            # Compatibility

            What of the contract works. A member that does not yet answers `E_NOTIMPL` (0x80004001) with an error text that names it; an event that does not
            is never fired. This page is written, and kept true, by a test of the COM server (`CompatibilityTests`), which reads it off the code.

            - {members.Count(Works)} of {members.Length} members work ({AdapterOf.Count} of {ContractInterfaces.All.Count(known => known.IsDual)} interfaces have an object behind them).
            - {events.Count(Works)} of {events.Length} events are fired.

            "get" and "set" are the two directions of a property.


            """);
        foreach (IGrouping<string, ContractMember> group in ContractMembers.All.GroupBy(member => member.InterfaceName).OrderByDescending(HasAny).ThenBy(group => group.Key, StringComparer.Ordinal))
        {
            Write(page, group);
        }

        return page.ToString().ReplaceLineEndings("\n");
    }

    private static bool HasAny(IGrouping<string, ContractMember> group) => group.Any(Works);

    private static void Write(StringBuilder page, IGrouping<string, ContractMember> group)
    {
        page.Append($"## {group.Key}\n\n");
        if (!HasAny(group))
        {
            page.Append($"Not yet: {string.Join(", ", group.Select(Describe))}.\n\n");
            return;
        }

        page.Append("| member | |\n|---|---|\n");
        foreach (ContractMember member in group)
        {
            string missing = member.Kind == ContractMemberKind.Event ? "not fired yet" : "E_NOTIMPL";
            page.Append($"| {Describe(member)} | {(Works(member) ? "works" : missing)} |\n");
        }

        page.Append('\n');
    }

    private static string Describe(ContractMember member) => member.Kind switch
    {
        ContractMemberKind.PropertyGet => $"{member.Name} (get)",
        ContractMemberKind.PropertyPut => $"{member.Name} (set)",
        _ => member.Name,
    };
}
