using CsCheck;
using VpcComApi.TestSupport;
using VpcComApi.VirtualDisks.Media;

namespace VpcComApi.VirtualDisks.Tests.Hostile;

/// <summary>
/// Files that are cut, corrupt or foreign: each is read or refused with a typed error, in bounded time, and is not changed.
/// </summary>
[TestFixture]
internal sealed class HostileFileTests
{
    private const int Iterations = 400;

    private TestDirectory folder = null!;

    [SetUp]
    public void Make_a_folder() => folder = new TestDirectory();

    [TearDown]
    public void Delete_the_folder() => folder.Dispose();

    [Test]
    [CancelAfter(60_000)]
    public void A_disk_with_any_bytes_changed_is_read_or_refused([Values] VirtualDiskKind kind)
    {
        byte[] original = MakeSmall(kind);
        string path = folder.PathOf("fuzzed.vhd");
        Gen<(int Position, byte Value)> change = Gen.Select(
            Position(original.Length), Gen.OneOf(Gen.Byte, Gen.Const((byte)0), Gen.Const((byte)255)));
        change.Array[1, 12].Sample(
            changes =>
            {
                byte[] fuzzed = [.. original];
                foreach ((int position, byte value) in changes)
                {
                    fuzzed[position] = value;
                }

                CheckRefusedOrRead(path, fuzzed);
            },
            iter: Iterations,
            threads: 1);
    }

    [Test]
    [CancelAfter(60_000)]
    public void A_structure_with_a_right_checksum_and_wrong_numbers_is_read_or_refused(
        [Values(VirtualDiskKind.Dynamic, VirtualDiskKind.Differencing)] VirtualDiskKind kind)
    {
        byte[] original = MakeSmall(kind);
        string path = folder.PathOf("fuzzed.vhd");
        Gen<byte[]> number = Gen.OneOf(
            Gen.Const(new byte[8]),
            Gen.Const(new byte[] { 255, 255, 255, 255, 255, 255, 255, 255 }),
            Gen.Const(new byte[] { 127, 255, 255, 255, 255, 255, 255, 255 }),
            Gen.Const(new byte[] { 0, 0, 0, 0, 0, 0, 2, 0 }),
            Gen.Byte.Array[8]);
        Gen.Select(Gen.Int[0, 1535], number, Gen.Int[1, 8]).Array[1, 3].Sample(
            changes =>
            {
                byte[] fuzzed = [.. original];
                foreach ((int position, byte[] value, int length) in changes)
                {
                    value.AsSpan(0, length).CopyTo(fuzzed.AsSpan(position));
                }

                Seal(fuzzed.AsSpan(0, 512), 64);
                Seal(fuzzed.AsSpan(512, 1024), 36);
                fuzzed.AsSpan(0, 512).CopyTo(fuzzed.AsSpan(^512..));
                CheckRefusedOrRead(path, fuzzed);
            },
            iter: Iterations,
            threads: 1);
    }

    [Test]
    [CancelAfter(60_000)]
    public void A_disk_that_was_cut_is_read_or_refused([Values] VirtualDiskKind kind)
    {
        byte[] original = MakeSmall(kind);
        Gen.Int[0, original.Length - 1].Sample(
            length => CheckRefusedOrRead(folder.PathOf("cut.vhd"), original[..length]), iter: Iterations, threads: 1);
    }

    [Test]
    public void A_cut_fixed_disk_is_foreign_and_a_cut_dynamic_one_damaged()
    {
        string path = folder.PathOf("cut.vhd");
        File.WriteAllBytes(path, MakeSmall(VirtualDiskKind.FixedSize)[..^1024]);
        Assert.That(() => VirtualDisk.Open(path, FileAccess.Read), Refusals.With(VirtualDiskError.Foreign));
        File.WriteAllBytes(path, MakeSmall(VirtualDiskKind.Dynamic)[..^1024]);
        Assert.That(() => VirtualDisk.Open(path, FileAccess.Read), Refusals.With(VirtualDiskError.Damaged));
    }

    [Test]
    public void Files_of_another_kind_are_distinguished_from_damaged_ones()
    {
        Assert.That(
            () => VirtualDiskInfo.Read(folder.WriteText("text.vhd", new string('x', 5000))), Refusals.With(VirtualDiskError.Foreign));
        Assert.That(() => VirtualDiskInfo.Read(folder.WriteText("empty.vhd", string.Empty)), Refusals.With(VirtualDiskError.Foreign));
        Assert.That(() => VirtualDiskInfo.Read(folder.PathOf("nothing.vhd")), Throws.TypeOf<FileNotFoundException>());
    }

    [Test]
    [CancelAfter(60_000)]
    public void Any_bytes_are_a_floppy_or_a_disc_or_neither() => Gen.Byte.Array[0, 50_000].Sample(
        bytes =>
        {
            string path = folder.PathOf("any.img");
            File.WriteAllBytes(path, bytes);
            _ = FloppyImage.KindOf(path);
            _ = OpticalImage.IsOpticalImage(path);
            Assert.That(File.ReadAllBytes(path).AsSpan().SequenceEqual(bytes), Is.True);
        },
        iter: Iterations,
        threads: 1);

    /// <summary>Half of the changes hit the structures, which are a small part of the file.</summary>
    private static Gen<int> Position(int length) =>
        Gen.OneOf(Gen.Int[0, Math.Min(4095, length - 1)], Gen.Int[length - 512, length - 1], Gen.Int[0, length - 1]);

    private static void CheckRefusedOrRead(string path, byte[] fuzzed)
    {
        File.WriteAllBytes(path, fuzzed);
        try
        {
            VirtualDiskInfo info = VirtualDiskInfo.Read(path);
            using VirtualDisk disk = VirtualDisk.Open(path, FileAccess.Read);
            byte[] buffer = new byte[64 << 10];
            for (int i = 0; i < 8; i++)
            {
                long offset = (info.Size / 8 * i) & ~511;
                disk.Read(offset, buffer.AsSpan(0, (int)Math.Min(buffer.Length, disk.Size - offset)));
            }
        }
        catch (VirtualDiskException)
        {
            // Refused, which is as good.
        }

        Assert.That(File.ReadAllBytes(path).AsSpan().SequenceEqual(fuzzed), Is.True, "the file was changed");
    }

    private static void Seal(Span<byte> structure, int checksumOffset)
    {
        structure.Slice(checksumOffset, 4).Clear();
        uint sum = 0;
        foreach (byte value in structure)
        {
            sum += value;
        }

        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(structure[checksumOffset..], ~sum);
    }

    private byte[] MakeSmall(VirtualDiskKind kind)
    {
        string path = folder.PathOf($"{kind}.vhd");
        switch (kind)
        {
            case VirtualDiskKind.FixedSize:
                DiskCreation.CreateFixed(path, 3 << 20);
                break;
            case VirtualDiskKind.Dynamic:
                DiskCreation.CreateDynamic(path, 3 << 20);
                break;
            default:
                DiskCreation.CreateDynamic(folder.PathOf("parent.vhd"), 3 << 20);
                DiskCreation.CreateDifferencing(path, folder.PathOf("parent.vhd"));
                break;
        }

        if (kind != VirtualDiskKind.FixedSize)
        {
            using VirtualDisk disk = VirtualDisk.Open(path, FileAccess.ReadWrite);
            disk.Write(4096, new byte[1024].Select((_, i) => (byte)(i + 1)).ToArray());
            disk.Flush();
        }

        return File.ReadAllBytes(path);
    }
}
