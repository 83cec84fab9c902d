using System.CommandLine;
using VpcComApi.CommandLine.Disks;
using VpcComApi.CommandLine.Output;
using VpcComApi.VirtualDisks;
using VpcComApi.VirtualDisks.Media;
using VpcComApi.VirtualMachines;

namespace VpcComApi.CommandLine.Commands.Disks;

/// <summary>Makes an image: a hard disk, or by its name a floppy disk.</summary>
internal sealed class DiskCreateCommand : DiskChangeCommand
{
    private const string FloppyExtension = ".vfd";

    private static readonly Dictionary<long, FloppyImageKind> FloppyKinds = new()
    {
        [720L << 10] = FloppyImageKind.LowDensity,
        [1440L << 10] = FloppyImageKind.HighDensity,

        // What everybody calls it.
        [DiskSize.Parse("1.44M")] = FloppyImageKind.HighDensity,
    };

    private readonly Argument<string> file = new("FILE")
    {
        HelpName = "FILE",
        Description = "The new image: a formatted floppy disk when it ends in .vfd, else a hard disk, which should end in .vhd.",
    };

    private readonly Option<string?> size = new("--size")
    {
        Description = "The disk's size with its unit: 3M to 2040G (a machine takes up to 127G); a floppy disk's 720K or 1.44M.",
        HelpName = "SIZE",
    };

    private readonly Option<string?> parent = new("--parent")
    {
        Description = "The disk that the new one builds on: it holds what differs from that one, which must not be changed any more.",
        HelpName = "FILE",
    };

    private readonly Option<bool> isFixed = DiskSymbols.Fixed();
    private readonly Option<bool> isDynamic = DiskSymbols.Dynamic();

    /// <inheritdoc cref="DiskChangeCommand(string, string, CommandServices)"/>
    public DiskCreateCommand(CommandServices services)
        : base("create", "Make a disk image: dynamic unless another kind is asked for.", services)
    {
        Add(file);
        Add(size);
        Add(isDynamic);
        Add(isFixed);
        Add(parent);
        DiskSymbols.AllowOneOf(this, isFixed, isDynamic);
        Validators.Add(result =>
        {
            string? wrong = Fault(
                result.GetResult(file)?.Tokens is [{ } name, ..] ? name.Value : string.Empty,
                DiskSymbols.TextOf(result, size),
                DiskSymbols.TextOf(result, parent) is not null,
                result.GetValue(isFixed) || result.GetValue(isDynamic));
            if (wrong is not null)
            {
                result.AddError(wrong);
            }
        });
    }

    /// <inheritdoc/>
    protected override async Task<IReadOnlyList<(string File, string Text)>> RunAsync(ParseResult line, VirtualMachineHost disks)
    {
        string path = Path.GetFullPath(line.GetRequiredValue(file));
        if (IsFloppy(path))
        {
            disks.CreateFloppyDiskImage(path, SizeOf(line) is { } bytes ? FloppyKinds[bytes] : FloppyImageKind.HighDensity);
        }
        else if (line.GetValue(parent) is { } parentPath)
        {
            await CompleteAsync(disks.CreateDifferencingVirtualHardDisk(path, Path.GetFullPath(parentPath)));
        }
        else
        {
            int megabytes = (int)Math.Min(SizeOf(line)!.Value / DiskSize.Megabyte, int.MaxValue);
            await CompleteAsync(DiskSymbols.KindOf(line, isFixed, isDynamic) == VirtualDiskKind.FixedSize
                ? disks.CreateFixedVirtualHardDisk(path, megabytes)
                : disks.CreateDynamicVirtualHardDisk(path, megabytes));
        }

        return [(path, $"{path} is made: {LengthOf(path)} on this disk.")];
    }

    private long? SizeOf(ParseResult line) => line.GetValue(size) is { } text ? DiskSize.Parse(text) : null;

    private static bool IsFloppy(string path) => path.EndsWith(FloppyExtension, StringComparison.OrdinalIgnoreCase);

    private static string? Fault(string path, string? text, bool hasParent, bool hasKind)
    {
        if (path.Length == 0 || text?.Length == 0)
        {
            // The parser reports what is missing.
            return null;
        }

        long? bytes = null;
        try
        {
            bytes = text is null ? null : DiskSize.Parse(text);
        }
        catch (FormatException e)
        {
            return e.Message;
        }

        if (IsFloppy(path))
        {
            return hasParent || hasKind ? "A floppy disk (.vfd) has neither a parent nor a kind."
                : bytes is { } floppy && !FloppyKinds.ContainsKey(floppy) ? "A floppy disk has 720K or 1.44M."
                : null;
        }

        if (hasParent)
        {
            return bytes is not null || hasKind
                ? "--parent goes without --size, --fixed and --dynamic: the new disk has its parent's size, and is differencing."
                : null;
        }

        return bytes is not { } given ? "--size is missing, such as --size 20G; or give --parent FILE for a disk that builds on another."
            : given % DiskSize.Megabyte != 0 ? $"A hard disk has whole megabytes; {Tables.OfBytes(given)} is not."
            : null;
    }
}
