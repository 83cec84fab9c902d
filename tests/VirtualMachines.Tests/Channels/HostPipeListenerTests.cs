using System.IO.Pipes;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines.Channels;

namespace VpcComApi.VirtualMachines.Tests.Channels;

/// <summary>
/// The behaviour of the pipe server for its clients, which is the same on Windows and on Linux. WindowsTestHost runs these under Wine,
/// where an exception does not survive NUnit's Throws constraint: it goes through reflection.
/// </summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed class HostPipeListenerTests
{
    [Test]
    public async Task A_client_of_that_name_gets_through_in_both_directions()
    {
        using HostPipeListener listener = HostPipeListener.Create(NewName());
        Task<Stream> accepting = listener.AcceptAsync(CancellationToken.None);
        await using NamedPipeClientStream client = await ConnectAsync(listener.Name);
        Stream server = await Wait.UntilAsync(accepting, "the client to be accepted");

        await client.WriteAsync("to the guest"u8.ToArray());
        await server.WriteAsync("to the host"u8.ToArray());

        Assert.That(await ReadTextAsync(server, "to the guest".Length), Is.EqualTo("to the guest"));
        Assert.That(await ReadTextAsync(client, "to the host".Length), Is.EqualTo("to the host"));
    }

    [Test]
    public async Task A_client_that_has_written_and_closed_before_it_is_accepted_is_read_to_its_last_byte()
    {
        using HostPipeListener listener = HostPipeListener.Create(NewName());
        await using (NamedPipeClientStream client = await ConnectAsync(listener.Name))
        {
            await client.WriteAsync("Hello World!"u8.ToArray());
        }

        Stream server = await Wait.UntilAsync(listener.AcceptAsync(CancellationToken.None), "the client to be accepted");

        Assert.That(await ReadToEndAsync(server), Is.EqualTo("Hello World!"));
    }

    [Test]
    public async Task A_client_that_closes_without_reading_is_read_to_its_last_byte()
    {
        using HostPipeListener listener = HostPipeListener.Create(NewName());
        Task<Stream> accepting = listener.AcceptAsync(CancellationToken.None);
        await using NamedPipeClientStream client = await ConnectAsync(listener.Name);
        Stream server = await Wait.UntilAsync(accepting, "the client to be accepted");
        await server.WriteAsync("a greeting that nobody reads"u8.ToArray());
        await client.WriteAsync("Hello World!"u8.ToArray());
        await client.DisposeAsync();

        Assert.That(await ReadToEndAsync(server), Is.EqualTo("Hello World!"));
    }

    [Test]
    public async Task What_was_written_before_the_end_can_still_be_read_by_the_client()
    {
        using HostPipeListener listener = HostPipeListener.Create(NewName());
        Task<Stream> accepting = listener.AcceptAsync(CancellationToken.None);
        await using NamedPipeClientStream client = await ConnectAsync(listener.Name);
        Stream server = await Wait.UntilAsync(accepting, "the client to be accepted");

        await server.WriteAsync("the last words"u8.ToArray());
        listener.Dispose();

        Assert.That(await ReadToEndAsync(client), Is.EqualTo("the last words"));
    }

    [Test]
    public void A_name_in_use_is_refused_whatever_its_case()
    {
        PipeName name = NewName();
        using HostPipeListener listener = HostPipeListener.Create(name);

        Assert.That(RefusalOf(name), Is.EqualTo(VirtualMachineError.AlreadyExists));
        Assert.That(RefusalOf(PipeName.Parse(name.FullName.ToUpperInvariant())), Is.EqualTo(VirtualMachineError.AlreadyExists));
    }

    [Test]
    public async Task The_name_stays_in_use_while_the_client_is_connected_and_is_free_after_the_end()
    {
        PipeName name = NewName();
        using HostPipeListener listener = HostPipeListener.Create(name);
        Task<Stream> accepting = listener.AcceptAsync(CancellationToken.None);
        await using NamedPipeClientStream client = await ConnectAsync(name);
        await Wait.UntilAsync(accepting, "the client to be accepted");

        Assert.That(RefusalOf(name), Is.EqualTo(VirtualMachineError.AlreadyExists));

        await client.DisposeAsync();
        listener.Dispose();
        using HostPipeListener next = HostPipeListener.Create(name);
        Assert.That(next.Name, Is.EqualTo(name));
    }

    [Test]
    public async Task A_client_that_keeps_its_handle_does_not_keep_the_name_once_it_was_cut_off()
    {
        PipeName name = NewName();
        using HostPipeListener listener = HostPipeListener.Create(name);
        Task<Stream> accepting = listener.AcceptAsync(CancellationToken.None);
        await using NamedPipeClientStream client = await ConnectAsync(name);
        await Wait.UntilAsync(accepting, "the client to be accepted");

        listener.Disconnect();
        listener.Dispose();

        using HostPipeListener next = HostPipeListener.Create(name);
        Assert.That(next.Name, Is.EqualTo(name));
    }

    [Test]
    public async Task A_client_that_has_closed_its_end_is_gone_and_its_name_is_free_at_once()
    {
        PipeName name = NewName();
        using HostPipeListener listener = HostPipeListener.Create(name);
        Task<Stream> accepting = listener.AcceptAsync(CancellationToken.None);
        NamedPipeClientStream client = await ConnectAsync(name);
        Stream server = await Wait.UntilAsync(accepting, "the client to be accepted");
        Assert.That(listener.EndIfClientGone(), Is.False);

        await client.DisposeAsync();
        Assert.That(await ReadToEndAsync(server), Is.Empty);

        Assert.That(listener.EndIfClientGone(), Is.True);
        Assert.That(RefusalOf(name), Is.Null);
    }

    [Test]
    public async Task A_client_that_has_closed_its_end_counts_as_gone_while_its_last_bytes_are_unread()
    {
        using HostPipeListener listener = HostPipeListener.Create(NewName());
        Task<Stream> accepting = listener.AcceptAsync(CancellationToken.None);
        NamedPipeClientStream client = await ConnectAsync(listener.Name);
        Stream server = await Wait.UntilAsync(accepting, "the client to be accepted");
        await client.WriteAsync("Hello World!"u8.ToArray());
        Assert.That(listener.IsClientGone, Is.False);

        await client.DisposeAsync();

        await Wait.UntilAsync(() => listener.IsClientGone, "the client to be gone");
        Assert.That(await ReadToEndAsync(server), Is.EqualTo("Hello World!"));
    }

    [Test]
    [Platform("Linux"), UnsupportedOSPlatform("windows")]
    public async Task A_client_that_has_shut_down_its_sending_side_alone_is_not_gone()
    {
        using HostPipeListener listener = HostPipeListener.Create(NewName());
        Task<Stream> accepting = listener.AcceptAsync(CancellationToken.None);
        using Socket client = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await client.ConnectAsync(new UnixDomainSocketEndPoint(UnixPipePath.Of(listener.Name.Name)));
        Stream server = await Wait.UntilAsync(accepting, "the client to be accepted");

        await using NetworkStream reading = new(client);
        client.Shutdown(SocketShutdown.Send);
        Assert.That(await ReadToEndAsync(server), Is.Empty);

        Assert.That(listener.EndIfClientGone(), Is.False);
        await server.WriteAsync("still read"u8.ToArray());
        Assert.That(await ReadTextAsync(reading, "still read".Length), Is.EqualTo("still read"));
    }

    [Test]
    public async Task There_is_room_for_one_client()
    {
        using HostPipeListener listener = HostPipeListener.Create(NewName());
        Task<Stream> accepting = listener.AcceptAsync(CancellationToken.None);
        await using NamedPipeClientStream first = await ConnectAsync(listener.Name);
        await Wait.UntilAsync(accepting, "the client to be accepted");
        await using NamedPipeClientStream second = NewClient(listener.Name);

        Task connecting = second.ConnectAsync(0);
        await Wait.UntilAsync(Task.WhenAny(connecting), "the second client to give up");

        Assert.That(connecting.Exception?.InnerException, Is.TypeOf<TimeoutException>());
    }

    [Test]
    public void A_pipe_of_another_program_is_a_name_in_use()
    {
        PipeName name = NewName();
        using NamedPipeServerStream other = new(name.Name, PipeDirection.InOut, 1);

        Assert.That(RefusalOf(name), Is.EqualTo(VirtualMachineError.AlreadyExists));
    }

    [Test]
    [Platform("Linux"), UnsupportedOSPlatform("windows")]
    public async Task A_socket_of_another_program_that_accepts_nobody_is_a_name_in_use_and_no_wait()
    {
        PipeName name = NewName();
        UnixDomainSocketEndPoint address = new(UnixPipePath.Of(name.Name));
        using Socket other = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        other.Bind(address);
        other.Listen(0);
        using Socket queued = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await queued.ConnectAsync(address);

        VirtualMachineError? refusal = await Wait.UntilAsync(Task.Run(() => RefusalOf(name)), "the refusal");

        Assert.That(refusal, Is.EqualTo(VirtualMachineError.AlreadyExists));
    }

    [Test]
    public async Task The_wait_for_a_client_can_be_given_up()
    {
        using HostPipeListener listener = HostPipeListener.Create(NewName());
        using CancellationTokenSource giveUp = new();
        Task<Stream> accepting = listener.AcceptAsync(giveUp.Token);

        await giveUp.CancelAsync();

        await Wait.UntilAsync(Task.WhenAny(accepting), "the wait to end");
        Assert.That(accepting.IsCanceled, Is.True);
    }

    [Test]
    [Platform("Linux"), UnsupportedOSPlatform("windows")]
    public void The_socket_is_open_to_its_user_only_and_is_deleted()
    {
        PipeName name = NewName();
        string path = UnixPipePath.Of(name.Name);
        using (HostPipeListener.Create(name))
        {
            Assert.That(File.GetUnixFileMode(path), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        }

        Assert.That(File.Exists(path), Is.False);
    }

    [Test]
    [Platform("Linux"), UnsupportedOSPlatform("windows")]
    public async Task A_socket_left_by_a_crash_is_replaced()
    {
        PipeName name = NewName();
        LeaveSocket(UnixPipePath.Of(name.Name));

        using HostPipeListener listener = HostPipeListener.Create(name);
        Task<Stream> accepting = listener.AcceptAsync(CancellationToken.None);
        await using NamedPipeClientStream client = await ConnectAsync(name);
        Stream server = await Wait.UntilAsync(accepting, "the client to be accepted");

        Assert.That(server.CanWrite, Is.True);
    }

    private static VirtualMachineError? RefusalOf(PipeName name)
    {
        try
        {
            HostPipeListener.Create(name).Dispose();
            return null;
        }
        catch (VirtualMachineException refusal)
        {
            return refusal.Error;
        }
    }

    private static PipeName NewName() =>
        PipeName.Parse(PipeName.Prefix + "vpc-test-" + RandomNumberGenerator.GetHexString(16, lowercase: true));

    private static NamedPipeClientStream NewClient(PipeName name) =>
        new(".", name.Name, PipeDirection.InOut, PipeOptions.Asynchronous);

    private static async Task<NamedPipeClientStream> ConnectAsync(PipeName name)
    {
        NamedPipeClientStream client = NewClient(name);
        await Wait.UntilAsync(client.ConnectAsync(), "the client to connect");
        return client;
    }

    /// <summary>
    /// Leaves a socket's file without its listener, as a killed process does; .NET removes the file unless it is elsewhere then.
    /// </summary>
    private static void LeaveSocket(string path)
    {
        string elsewhere = path + ".moved";
        using (Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            socket.Bind(new UnixDomainSocketEndPoint(path));
            socket.Listen();
            File.Move(path, elsewhere);
        }

        File.Move(elsewhere, path);
    }

    private static async Task<string> ReadTextAsync(Stream stream, int length)
    {
        byte[] bytes = new byte[length];
        await Wait.UntilAsync(stream.ReadExactlyAsync(bytes).AsTask(), "the bytes to arrive");
        return Encoding.UTF8.GetString(bytes);
    }

    private static async Task<string> ReadToEndAsync(Stream stream)
    {
        using StreamReader reader = new(stream, Encoding.UTF8, leaveOpen: true);
        return await Wait.UntilAsync(reader.ReadToEndAsync(), "the end of the bytes");
    }
}
