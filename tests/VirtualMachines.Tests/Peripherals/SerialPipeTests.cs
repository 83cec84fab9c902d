using System.IO.Pipes;
using System.Security.Cryptography;
using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines.Peripherals;

namespace VpcComApi.VirtualMachines.Tests.Peripherals;

/// <summary>
/// A serial line's pipe and its clients, the same on Windows and on Linux. WindowsTestHost runs these under Wine, where an exception does
/// not survive NUnit's Throws
/// constraint: it goes through reflection.
/// </summary>
[TestFixture]
internal sealed class SerialPipeTests
{
    private const int BlockSize = 4096;
    private static readonly TimeSpan ConnectAgainAfter = TimeSpan.FromSeconds(1);
    private static readonly byte[] Data = RandomNumberGenerator.GetBytes(1 << 20);

    private readonly string pipe = "serial-pipe-" + Guid.NewGuid().ToString("N");

    [Test]
    public async Task A_client_that_reads_late_gets_a_megabyte_whole()
    {
        await using HostFixture fixture = new();
        FakeDevices devices = new();
        fixture.Provider.Prepare = machine => machine.Devices = devices;
        fixture.Machine.SerialPorts[0].Configure(SerialPortType.NamedPipe, @"\\.\pipe\" + pipe, connectImmediately: false);
        await fixture.StartAsync();
        await using NamedPipeClientStream client = new(".", pipe, PipeDirection.InOut, PipeOptions.Asynchronous);
        await Wait.UntilAsync(client.ConnectAsync(), "the pipe");
        await client.WriteAsync("x"u8.ToArray());
        await Wait.UntilAsync(() => devices.Received == "x", "the client to be served");

        Send(devices, Data);

        byte[] received = new byte[Data.Length];
        await Wait.UntilAsync(client.ReadExactlyAsync(received).AsTask(), "the bytes");
        Assert.That(SHA256.HashData(received), Is.EqualTo(SHA256.HashData(Data)));
    }

    [Test]
    public async Task A_client_waits_while_the_guest_takes_nothing_and_the_machine_ends_all_the_same()
    {
        await using HostFixture fixture = new();
        TaskCompletionSource taking = new();
        FakeDevices devices = new() { TakingSerial = taking.Task };
        fixture.Provider.Prepare = machine => machine.Devices = devices;
        fixture.Machine.SerialPorts[0].Configure(SerialPortType.NamedPipe, @"\\.\pipe\" + pipe, connectImmediately: false);
        await fixture.StartAsync();
        await using NamedPipeClientStream client = new(".", pipe, PipeDirection.InOut, PipeOptions.Asynchronous);
        await Wait.UntilAsync(client.ConnectAsync(), "the pipe");
        Task writing = client.WriteAsync(Data).AsTask();
        Assert.That(devices.Received, Is.Empty);

        taking.SetResult();
        await Wait.UntilAsync(writing, "the guest to take the bytes");
        await Wait.UntilAsync(() => devices.Received.Length == Data.Length, "the last byte");
        Assert.That(devices.Received.Select(character => (byte)character), Is.EqualTo(Data));

        devices.TakingSerial = new TaskCompletionSource().Task;
        Task stalled = client.WriteAsync(Data).AsTask();
        await HostFixture.SucceedAsync(fixture.Machine.TurnOff());
        await Wait.UntilAsync(stalled.ContinueWith(_ => { }, TaskScheduler.Default), "the end of the pipe");
        Assert.That(stalled.Exception?.InnerException, Is.InstanceOf<IOException>());
    }

    [Test]
    public async Task A_client_that_leaves_while_the_guest_takes_nothing_does_not_keep_the_next_one_out()
    {
        await using HostFixture fixture = new();
        TaskCompletionSource taking = new();
        FakeDevices devices = new();
        fixture.Provider.Prepare = machine => machine.Devices = devices;
        fixture.Machine.SerialPorts[0].Configure(SerialPortType.NamedPipe, @"\\.\pipe\" + pipe, connectImmediately: false);
        await fixture.StartAsync();
        byte[] first = Data[..(10 * BlockSize)];
        await using (NamedPipeClientStream leaving = new(".", pipe, PipeDirection.InOut, PipeOptions.Asynchronous))
        {
            await Wait.UntilAsync(leaving.ConnectAsync(), "the pipe");
            await leaving.WriteAsync("x"u8.ToArray());
            await Wait.UntilAsync(() => devices.Received == "x", "the client to be served");
            devices.TakingSerial = taking.Task;
            await Wait.UntilAsync(leaving.WriteAsync(first).AsTask(), "the system to take the bytes");
        }

        await using NamedPipeClientStream next = new(".", pipe, PipeDirection.InOut, PipeOptions.Asynchronous);
        await Wait.UntilAsync(() => TryConnectAsync(next), "the pipe for the next client");
        await next.WriteAsync("next"u8.ToArray());

        // The system connects a client before the line has noticed that the one before has left; until then the guest's bytes go to that
        // one.
        Task<int> answer = next.ReadAsync(new byte[1]).AsTask();
        await Wait.UntilAsync(
            () =>
            {
                devices.SendFromGuest("g");
                return answer.IsCompleted;
            },
            "what the guest sends");
        Assert.That(await answer, Is.EqualTo(1));
        Assert.That(devices.Received, Is.EqualTo("x"));

        taking.SetResult();
        await Wait.UntilAsync(() => devices.Received.Length == 1 + first.Length + "next".Length, "the bytes of both clients");
        Assert.That(devices.Received.Select(character => (byte)character), Is.EqualTo((byte[])[.. "x"u8, .. first, .. "next"u8]));
    }

    /// <summary>
    /// A client that waits while one pipe is closed and the next one is created gets from Wine the error that the pipe is missing, which
    /// .NET does not expect.
    /// </summary>
    private static async Task<bool> TryConnectAsync(NamedPipeClientStream client)
    {
        try
        {
            await client.ConnectAsync(ConnectAgainAfter, CancellationToken.None);
            return true;
        }
        catch (Exception e) when (e is IOException or TimeoutException)
        {
            return false;
        }
    }

    private static void Send(FakeDevices devices, byte[] data)
    {
        foreach (byte[] block in data.Chunk(BlockSize))
        {
            devices.SendFromGuest(block);
        }
    }
}
