using System.Reflection;
using System.Text;
using VpcComApi.ComServer.Adapters;
using VpcComApi.Interop;

namespace VpcComApi.ComServer.Tests.Adapters;

/// <summary>Reads off the adapters which members of the contract work, and writes that down, with what the notes say of each, as docs/compatibility.md.</summary>
internal static class CompatibilityTable
{
    private const string BaseSuffix = "Base";

    /// <summary>The adapter of each interface that has one.</summary>
    private static readonly Dictionary<string, Type> AdapterOf = typeof(Application).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(DispatchBase)) && !type.IsAbstract)
        .ToDictionary(type => "I" + type.BaseType!.Name[..^BaseSuffix.Length]);

    /// <summary>What an event interface's name has more than that of the interface whose object fires the events.</summary>
    private const string EventsSuffix = "Events";

    /// <summary>What an adapter that fires events calls the numbers of those that it fires.</summary>
    private const string FiredEvents = nameof(VirtualPCAdapter.FiredEvents);

    /// <summary>The names of the interfaces that have an adapter.</summary>
    public static IReadOnlyCollection<string> AdaptedInterfaces => AdapterOf.Keys;

    /// <summary>Whether a member works.</summary>
    public static bool Works(ContractMember member) => member.Kind == ContractMemberKind.Event
        ? EventsFiredOf(member.InterfaceName).Contains(member.DispId)
        : AdapterOf.TryGetValue(member.InterfaceName, out Type? adapter)
            && adapter.GetMethod(member.VtableName, BindingFlags.Public | BindingFlags.Instance)!.DeclaringType == adapter;

    /// <summary>The numbers of the events of an interface that are fired.</summary>
    /// <param name="interfaceName">The event interface.</param>
    public static IReadOnlyCollection<int> EventsFiredOf(string interfaceName) =>
        AdapterOf.GetValueOrDefault(interfaceName[..^EventsSuffix.Length])?.GetProperty(FiredEvents)?.GetValue(null) as IReadOnlyCollection<int> ?? [];

    /// <summary>Writes the page.</summary>
    /// <param name="notes">What each entry does, by its key.</param>
    public static string Render(CompatibilityNotes notes)
    {
        StringBuilder page = new();
        ContractMember[] members = [.. ContractMembers.All.Where(member => member.Kind != ContractMemberKind.Event)];
        ContractMember[] events = [.. ContractMembers.All.Where(member => member.Kind == ContractMemberKind.Event)];
        page.Append(
            $"""
            # Compatibility

            What each of the {members.Length} members and {events.Length} events of the contract does here, on which machine provider, and where and why it differs from Windows Virtual PC.

            - {members.Count(Works)} of {members.Length} members work ({AdapterOf.Count} of {ContractInterfaces.All.Count(known => known.IsDual)} interfaces have an object behind them).
            - {events.Count(Works)} of {events.Length} events are fired.

            A member that does not work yet answers `E_NOTIMPL` (0x80004001) with an error text that names it, and stands here as **E_NOTIMPL**; an event that is not fired
            yet stands as **not fired**. What is said here holds for the programs as they were tried, natively on Linux and under Wine; Windows itself is not verified yet.
            This page is written by a test of the COM server (`CompatibilityTests`) from `compatibility.txt` and from the code, and the test fails when they disagree.

            - **get** and **set** are the two directions of a property.
            - **provider**: *any* when the answer does not depend on what runs the machine; else the providers that do it; *none* when no provider does it yet, and the answer is
              the documented refusal.
            - Which operation is refused in which state of a machine, and by which code, is one table: [machines.md](machines.md), states.

            """);
        foreach (IGrouping<string, ContractMember> group in ContractMembers.All.GroupBy(member => member.InterfaceName).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            page.Append($"\n## {group.Key}\n\n| member | provider | here | differs |\n|---|---|---|---|\n");
            foreach (ContractMember member in group)
            {
                CompatibilityNote note = notes[KeyOf(member)];
                page.Append($"| {Describe(member)} | {note.Provider} | {Missing(member)}{note.Does} | {note.Differs} |\n");
            }
        }

        return page.ToString().ReplaceLineEndings("\n");
    }

    /// <summary>What an entry is called in the notes: IVMTask.Cancel, IVMTask.Error get.</summary>
    public static string KeyOf(ContractMember member) => $"{member.InterfaceName}.{Describe(member)}";

    private static string Missing(ContractMember member) =>
        Works(member) ? string.Empty : member.Kind == ContractMemberKind.Event ? "**not fired**: " : "**E_NOTIMPL**: ";

    private static string Describe(ContractMember member) => member.Kind switch
    {
        ContractMemberKind.PropertyGet => $"{member.Name} get",
        ContractMemberKind.PropertyPut => $"{member.Name} set",
        _ => member.Name,
    };
}
