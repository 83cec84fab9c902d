using VpcComApi.DiskWorker;
using VpcComApi.VirtualDisks;

// Arguments: what to do, the image, and for what makes a new one its path.
string image = args[1];
Console.WriteLine("begin");
switch (args[0])
{
    case "write":
        using (VirtualDisk disk = VirtualDisk.Open(image, FileAccess.ReadWrite))
        {
            for (int number = 1; number <= NumberedWrites.Count; number++)
            {
                disk.Write(NumberedWrites.Place(number, disk.Size).First * 512L, NumberedWrites.Data(number, disk.Size));
                if (number % NumberedWrites.FlushEvery == 0)
                {
                    disk.Flush();
                    Console.WriteLine($"flushed {number};");
                }
            }
        }

        break;
    case "merge":
        DiskMerge.IntoParent(image);
        break;
    case "compact":
        DiskCompaction.Compact(image);
        break;
    case "convert-dynamic":
        DiskCopy.ToNewImage(image, args[2], VirtualDiskKind.Dynamic);
        break;
    case "convert-fixed":
        DiskCopy.ToNewImage(image, args[2], VirtualDiskKind.FixedSize);
        break;
    default:
        return 2;
}

Console.WriteLine("done");
return 0;
