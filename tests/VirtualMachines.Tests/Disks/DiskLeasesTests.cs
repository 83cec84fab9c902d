using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.Disks;

namespace VpcComApi.VirtualMachines.Tests.Disks;

/// <summary>Locks of disk images, within this process and between processes.</summary>
[TestFixture]
internal sealed class DiskLeasesTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Test]
    public async Task Waiting_for_another_process_does_not_hold_up_the_use_of_other_disks()
    {
        using ManualResetEventSlim waiting = new();
        using ManualResetEventSlim otherIsTaken = new();
        DiskLeases leases = new((path, _) =>
        {
            if (path != "/held by another process.vhd")
            {
                return new MemoryStream();
            }

            waiting.Set();
            Assert.That(otherIsTaken.Wait(Limit), Is.True, "the other disk was not taken meanwhile");
            return null;
        });
        Task<VirtualMachineException?> refused = Task.Run(
            () => Assert.Throws<VirtualMachineException>(() => leases.Take(["/held by another process.vhd"], [])));
        Assert.That(waiting.Wait(Limit), Is.True);

        using (leases.Take(["/free.vhd"], ["/base.vhd"]))
        {
            otherIsTaken.Set();
            Assert.That((await refused)!.Error, Is.EqualTo(VirtualMachineError.SharingViolation));
        }
    }

    [Test]
    public void What_could_not_be_taken_whole_is_free_afterwards()
    {
        using TestDirectory folder = new();
        string free = folder.PathOf("free.vhd");
        string held = folder.PathOf("held.vhd");
        DiskLeases leases = new(folder.FullPath);
        using (FileUseLock.TryTake(held, exclusive: true, folder.FullPath))
        {
            Assert.That(() => leases.Take([free], [held]), Refusals.With(VirtualMachineError.SharingViolation));
        }

        using IDisposable taken = leases.Take([free, held], []);
        Assert.That(() => leases.Take([], [free]), Refusals.With(VirtualMachineError.SharingViolation));
    }
}
