using System.Runtime.Versioning;
using VpcComApi.GuestServices.Links;
using VpcComApi.TestSupport;

namespace VpcComApi.GuestServices.Tests;

/// <summary>The non-blocking device, on a named pipe that returns what was written to it: it holds 64 KiB.</summary>
[TestFixture]
[Platform(Include = "Linux")]
[SupportedOSPlatform("linux")]
internal sealed class PolledDeviceTests
{
    [Test]
    public async Task What_is_written_waits_for_room_and_is_read_whole()
    {
        using TestDirectory folder = new();
        string path = await MakePipeAsync(folder);
        await using PolledDevice device = new(path);
        byte[] sent = new byte[1_000_003];
        Random.Shared.NextBytes(sent);

        Task writing = device.WriteAsync(sent).AsTask();
        Assert.That(writing.IsCompleted, Is.False, "the pipe is smaller");
        byte[] received = new byte[sent.Length];
        await Wait.UntilAsync(device.ReadExactlyAsync(received).AsTask(), "the bytes");
        await Wait.UntilAsync(writing, "the write to end");

        Assert.That(received, Is.EqualTo(sent));
    }

    [Test]
    public async Task A_read_waits_for_what_comes_later()
    {
        using TestDirectory folder = new();
        await using PolledDevice device = new(await MakePipeAsync(folder));
        byte[] buffer = new byte[16];
        Assert.That(device.TryRead(buffer), Is.EqualTo(-1));

        Task<int> reading = device.ReadAsync(buffer).AsTask();
        Assert.That(reading.IsCompleted, Is.False);
        Assert.That(device.TryWrite([1, 2, 3]), Is.EqualTo(3));

        Assert.That(await Wait.UntilAsync(reading, "three bytes"), Is.EqualTo(3));
        Assert.That(buffer.AsSpan(0, 3).ToArray(), Is.EqualTo(new byte[] { 1, 2, 3 }));
    }

    [Test]
    public void A_device_that_is_not_there_is_named() =>
        Assert.That(
            () => new PolledDevice("/dev/no-such-device"), Throws.InstanceOf<IOException>().With.Message.Contains("/dev/no-such-device"));

    private static async Task<string> MakePipeAsync(TestDirectory folder)
    {
        string path = folder.PathOf("device");
        ProgramResult made = await RunningProgram.RunAsync("mkfifo", [path]);
        Assert.That(made.ExitCode, Is.Zero, made.ToString());
        return path;
    }
}
