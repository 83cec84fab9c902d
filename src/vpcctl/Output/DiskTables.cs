using System.Globalization;
using Spectre.Console;
using VpcComApi.CommandLine.Disks;
using VpcComApi.EventLogging;
using VpcComApi.VirtualDisks;
using VpcComApi.VirtualMachines;

namespace VpcComApi.CommandLine.Output;

/// <summary>How disk images look to a person.</summary>
internal static class DiskTables
{
    /// <summary>Writes all about some images, with an empty line between two.</summary>
    /// <param name="terminal">Where to.</param>
    /// <param name="disks">The images.</param>
    public static void Write(Terminal terminal, IReadOnlyList<DiskSummary> disks)
    {
        for (int i = 0; i < disks.Count; i++)
        {
            if (i > 0)
            {
                terminal.WriteLine(string.Empty);
            }

            terminal.Write(Of(disks[i]));
        }
    }

    /// <summary>A number of bytes for a person who needs it rounded and for one who needs it whole.</summary>
    private static string BothWays(long bytes) =>
        string.Create(CultureInfo.InvariantCulture, $"{Tables.OfBytes(bytes)} ({bytes:N0} bytes)");

    private static Grid Of(DiskSummary disk)
    {
        Grid grid = new();
        grid.AddColumn(new GridColumn { NoWrap = true, Padding = new Padding(0, 0, 2, 0) });
        grid.AddColumn(new GridColumn { Padding = new Padding(0) });
        Add("File", disk.File);
        Add("Kind", Describe(disk.Kind));
        Add("In the guest", BothWays(disk.SizeInGuest));
        Add("On this disk", BothWays(disk.SizeOnDisk));
        Add("Blocks", disk is { BlockSize: { } size, UsedBlocks: { } used }
            ? string.Create(
                CultureInfo.InvariantCulture, $"{used:N0} of {(disk.SizeInGuest + size - 1) / size:N0} in use, {Tables.OfBytes(size)} each")
            : null);
        Add("Geometry", disk.Geometry is { } geometry
            ? string.Create(CultureInfo.InvariantCulture,
                $"{geometry.Cylinders} cylinders, {geometry.Heads} heads, {geometry.SectorsPerTrack} sectors a track")
            : null);
        Add("Made", disk.CreatedUtc is { } created
            ? string.Create(CultureInfo.InvariantCulture,
                $"{created:yyyy-MM-dd HH:mm:ss} UTC by \"{disk.Creator}\" {disk.CreatorVersion} on \"{disk.CreatorHost}\"")
            : null);
        Add("Identity", disk.UniqueId?.ToString("B", CultureInfo.InvariantCulture));
        foreach (DiskParent parent in disk.Parents)
        {
            Add(parent == disk.Parents[0] ? "Parent" : "Its parent", Describe(parent));
        }

        foreach (string problem in disk.Problems)
        {
            grid.AddRow(new Text("Problem", new Style(Color.Yellow)), new Text(VisibleText.Of(problem)));
        }

        Add("Try", CommandForParents(disk));

        return grid;

        void Add(string title, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                grid.AddRow(new Text(title), new Text(VisibleText.Of(value)));
            }
        }
    }

    /// <summary>The command that repairs the topmost parent with which something is wrong.</summary>
    private static string? CommandForParents(DiskSummary disk)
    {
        string child = disk.File;
        foreach (DiskParent parent in disk.Parents)
        {
            if (parent.State is ParentState.Modified or ParentState.NotFound or ParentState.OtherDisk)
            {
                return CommandRemedies.CommandFor(new Remedy(RemedyAction.SetParent, child));
            }

            child = parent.File;
        }

        return null;
    }

    private static string Describe(DiskKind kind) => kind switch
    {
        DiskKind.Dynamic => "dynamic hard disk: the file grows with what is written",
        DiskKind.Fixed => "fixed hard disk: the file has room for all of it",
        DiskKind.Differencing => "differencing hard disk: the file holds what differs from its parent",
        _ => "floppy disk",
    };

    private static string Describe(DiskParent parent)
    {
        string state = parent.State switch
        {
            ParentState.Unchanged => "unchanged",
            ParentState.Modified => "has changed since",
            ParentState.NotFound => "is not there",
            ParentState.OtherDisk => "is another disk",
            _ => "cannot be read",
        };
        return parent.Kind is { } kind
            ? $"{parent.File} ({kind.ToString().ToLowerInvariant()}, {state})"
            : $"{(parent.File.Length > 0 ? parent.File : parent.UniqueId.ToString("B"))} ({state})";
    }
}
