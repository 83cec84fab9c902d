using System.CommandLine;
using VpcComApi.VirtualDisks;
using VpcComApi.VirtualMachines;
using VpcComApi.VirtualMachines.Disks;

namespace VpcComApi.CommandLine.Commands.Disks;

/// <summary>Writes all that a disk shows, with the disks below it, into a new image of another kind.</summary>
internal sealed class DiskConvertCommand : DiskChangeCommand
{
    private readonly Argument<string> file = new("FILE") { HelpName = "FILE", Description = "A hard disk's image, which stays as it is." };
    private readonly Argument<string> converted = new("NEW") { HelpName = "NEW", Description = "The new image, which ends in .vhd." };
    private readonly Option<bool> isFixed = DiskSymbols.Fixed();
    private readonly Option<bool> isDynamic = DiskSymbols.Dynamic();

    /// <inheritdoc cref="DiskChangeCommand(string, string, CommandServices)"/>
    public DiskConvertCommand(CommandServices services)
        : base(
            "convert",
            "Write a hard disk into a new image: a dynamic one's becomes fixed, another's dynamic, unless a kind is asked for. "
            + "With the disks below it, when it is a differencing disk.",
            services)
    {
        Add(file);
        Add(converted);
        Add(isDynamic);
        Add(isFixed);
        DiskSymbols.AllowOneOf(this, isFixed, isDynamic);
    }

    /// <inheritdoc/>
    protected override async Task<IReadOnlyList<(string File, string Text)>> RunAsync(ParseResult line, VirtualMachineHost disks)
    {
        HardDisk disk = disks.GetHardDisk(Path.GetFullPath(line.GetRequiredValue(file)));
        string path = Path.GetFullPath(line.GetRequiredValue(converted));
        VirtualDiskKind kind = DiskSymbols.KindOf(line, isFixed, isDynamic)
            ?? (disk.Kind == VirtualDiskKind.Dynamic ? VirtualDiskKind.FixedSize : VirtualDiskKind.Dynamic);
        await CompleteAsync(disk.Convert(path, kind));
        string made = kind == VirtualDiskKind.FixedSize ? "fixed" : "dynamic";
        return [(path, $"{path} is made, a {made} disk: {LengthOf(path)} on this disk. {disk.File} stays.")];
    }
}
