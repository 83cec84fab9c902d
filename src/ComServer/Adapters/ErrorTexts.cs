using VpcComApi.VirtualMachines;

namespace VpcComApi.ComServer.Adapters;

/// <summary>What a script reads of a refusal: the domain's text, and the member of the contract that does what the text advises.</summary>
internal static class ErrorTexts
{
    /// <summary>The text for a script.</summary>
    /// <param name="refusal">The refusal.</param>
    public static string Of(VirtualMachineException refusal) =>
        refusal.Remedy is { } remedy && MemberFor(remedy.Action) is { } member ? $"{refusal.Message} ({member})" : refusal.Message;

    private static string? MemberFor(RemedyAction action) => action switch
    {
        RemedyAction.DiscardSavedState => "VirtualMachine.DiscardSavedState",
        RemedyAction.AcceptChangedParent => "VirtualMachine.Startup2 with vmStartupOption_FixParentTimestampMismatch, 1",
        RemedyAction.ChangeUndoAction => "VirtualMachine.UndoAction",
        RemedyAction.RegisterMachine => "VirtualPC.RegisterVirtualMachine",
        RemedyAction.TypeKeySequence => "Keyboard.TypeKeySequence",
        RemedyAction.SetParent => "HardDisk.Parent",
        RemedyAction.CopyToNewDisk => "HardDisk.Convert",
        RemedyAction.CompactDisk => "HardDisk.Compact",

        // The ready event stands in the text itself: it is the same for every program on the host.
        _ => null,
    };
}
