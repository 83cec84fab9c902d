using System.Diagnostics;
using System.IO.Pipes;
using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines.Channels;
using VpcComApi.VirtualMachines.Tests.Guests;
using VpcComApi.VpcBus;

namespace VpcComApi.VirtualMachines.Tests.Channels;

/// <summary>What a day of scripts does to a machine: the same channel over and over.</summary>
[TestFixture]
[NonParallelizable]
internal sealed class ChannelEnduranceTests
{
    private const int WarmUpRounds = 100;
    private const int Rounds = 1_000;

    /// <summary>Sockets that are just closing, and what the runtime opens for itself. A leak shows as one a round.</summary>
    private const int HandleTolerance = 64;

    /// <summary>The thread pool grows by itself on a busy machine. A leak shows as one a round.</summary>
    private const int ThreadTolerance = 64;

    private const long MemoryTolerance = 4 * 1024 * 1024;

    [Test]
    public async Task A_thousand_rounds_of_start_hello_close_lose_nothing_and_leave_nothing()
    {
        await using SessionFixture fixture = new();
        await using ScriptedGuest guest = await fixture.ComeUpAsync();
        ChannelEndpoints endpoints = SessionFixture.NewEndpoints();
        await RunAsync(fixture, guest, endpoints, WarmUpRounds);
        (int handles, int threads, long memory) = Measure();

        await RunAsync(fixture, guest, endpoints, Rounds);

        (int handlesAfter, int threadsAfter, long memoryAfter) = Measure();
        TestContext.Out.WriteLine(
            $"handles {handles} -> {handlesAfter}, threads {threads} -> {threadsAfter}, managed memory {memory:N0} -> {memoryAfter:N0} "
                + "bytes");
        Assert.That(handlesAfter, Is.LessThan(handles + HandleTolerance));
        Assert.That(threadsAfter, Is.LessThan(threads + ThreadTolerance));
        Assert.That(memoryAfter, Is.LessThan(memory + MemoryTolerance));
        Assert.That(guest.Bus.Channels.Select(channel => channel.Service).Distinct(), Is.EqualTo(["integration"]));
    }

    private static async Task RunAsync(SessionFixture fixture, ScriptedGuest guest, ChannelEndpoints endpoints, int rounds)
    {
        for (int round = 0; round < rounds; round++)
        {
            // The name of the round before is free as soon as the host has seen its client go.
            await SessionFixture.WaitForFreeAsync(endpoints.Pipe);
            BusChannelPair pair = await fixture.OpenChannelAsync(guest, endpoints);
            await using (NamedPipeClientStream client = await SessionFixture.OpenPipeAsync(endpoints))
            {
                await client.WriteAsync("Hello World!"u8.ToArray());
            }

            Assert.That(await SessionFixture.ReadToEndAsync(pair.Input.AsStream()), Is.EqualTo("Hello World!"));
            await pair.DisposeAsync();
        }

        await Wait.UntilAsync(() => fixture.Session.Channels.Count == 0, "the last channel to end");
        await Wait.UntilAsync(() => guest.Bus.Channels.Count == 2, "the last bus channels to end");
    }

    private static (int Handles, int Threads, long Memory) Measure()
    {
        long memory = GC.GetTotalMemory(forceFullCollection: true);
        using Process self = Process.GetCurrentProcess();
        int handles = OperatingSystem.IsWindows() ? self.HandleCount : Directory.GetFileSystemEntries("/proc/self/fd").Length;
        return (handles, self.Threads.Count, memory);
    }
}
