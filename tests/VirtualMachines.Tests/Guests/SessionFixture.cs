using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipes;
using System.Security.Cryptography;
using System.Text;
using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines.Channels;
using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.Guests;
using VpcComApi.VpcBus;

namespace VpcComApi.VirtualMachines.Tests.Guests;

/// <summary>A session with a guest that a test simulates.</summary>
internal sealed class SessionFixture : IAsyncDisposable, IReadOnlyValues
{
    /// <summary>The port that tests ask for.</summary>
    public const int Port = 6174;

    /// <summary>Begins a session that waits for its guest.</summary>
    /// <param name="maximumChannels">The most channels.</param>
    /// <param name="timeProvider">The clock; the system's by default.</param>
    public SessionFixture(int maximumChannels = CommunicationChannelSet.DefaultMaximum, TimeProvider? timeProvider = null)
    {
        Session = new GuestSession(
            Machine,
            new GuestSessionOptions
            {
                MachineName = "XP",
                ReadyEvent = ReadyEvent,
                Configuration = this,
                Occurred = (occurrence, detail) => Occurrences.Enqueue((occurrence, detail)),
                ComponentsSeen = version => ComponentsVersion = version,
                ComponentsRemoved = () => ComponentsVersion = null,
                MaximumChannels = maximumChannels,
                LoggerFactory = Log,
                TimeProvider = timeProvider ?? TimeProvider.System,
            });
        Session.ExpectGuest();
    }

    /// <summary>The machine.</summary>
    public LinkedMachine Machine { get; } = new();

    /// <summary>The ready event.</summary>
    public InProcessReadyEvent ReadyEvent { get; } = new();

    /// <summary>What was logged.</summary>
    public LogRecorder Log { get; } = new();

    /// <summary>What happened in or to the guest.</summary>
    public ConcurrentQueue<(MachineOccurrence Occurrence, int Detail)> Occurrences { get; } = new();

    /// <summary>The version of the integration components that were seen.</summary>
    public string? ComponentsVersion { get; private set; }

    /// <summary>The session.</summary>
    public GuestSession Session { get; }

    /// <summary>The ends of a new channel, with a unique pipe name.</summary>
    public static ChannelEndpoints NewEndpoints() =>
        new(PipeName.Parse(PipeName.Prefix + "vpc-test-" + RandomNumberGenerator.GetHexString(16, lowercase: true)), Port);

    /// <summary>Opens a pipe as a client does.</summary>
    public static async Task<NamedPipeClientStream> OpenPipeAsync(ChannelEndpoints endpoints)
    {
        NamedPipeClientStream client = new(".", endpoints.Pipe.Name, PipeDirection.InOut, PipeOptions.Asynchronous);
        await Wait.UntilAsync(client.ConnectAsync(), "the pipe to open");
        return client;
    }

    /// <summary>Reads to the end of the bytes.</summary>
    public static async Task<string> ReadToEndAsync(Stream stream)
    {
        using StreamReader reader = new(stream, Encoding.UTF8, leaveOpen: true);
        return await Wait.UntilAsync(reader.ReadToEndAsync(), "the end of the bytes");
    }

    /// <summary>Reads so many bytes.</summary>
    public static async Task<string> ReadTextAsync(Stream stream, int length)
    {
        byte[] bytes = new byte[length];
        await Wait.UntilAsync(stream.ReadExactlyAsync(bytes).AsTask(), "the bytes to arrive");
        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>Waits until a name can be used again.</summary>
    public static Task WaitForFreeAsync(PipeName name) => Wait.UntilAsync(() => IsFree(name), $"the name {name} to be free");

    /// <summary>Whether a name can be used.</summary>
    public static bool IsFree(PipeName name)
    {
        try
        {
            HostPipeListener.Create(name).Dispose();
            return true;
        }
        catch (VirtualMachineException inUse) when (inUse.Error == VirtualMachineError.AlreadyExists)
        {
            return false;
        }
    }

    /// <summary>Connects the guest and waits until the session has detected that.</summary>
    public async Task<ScriptedGuest> ComeUpAsync(VpcBus.Integration.GuestFacts? facts = null)
    {
        ScriptedGuest guest = await ScriptedGuest.ComeUpAsync(Machine, facts);
        await WaitForReadyAsync();
        return guest;
    }

    /// <summary>Waits until channels can be started.</summary>
    public Task WaitForReadyAsync() => Wait.UntilAsync(Session.WaitForReadyAsync(CancellationToken.None), "the guest service to be up");

    /// <summary>Waits until channels cannot be started any more.</summary>
    public Task WaitForUnreadyAsync() => Wait.UntilAsync(() => !Session.IsReady, "the guest service to be disconnected");

    /// <summary>Opens a channel that the guest takes.</summary>
    public async Task<(ChannelEndpoints Endpoints, BusChannelPair Guest)> OpenChannelAsync(ScriptedGuest guest)
    {
        ChannelEndpoints endpoints = NewEndpoints();
        return (endpoints, await OpenChannelAsync(guest, endpoints));
    }

    /// <summary>Opens a channel between given ends, which the guest accepts.</summary>
    public async Task<BusChannelPair> OpenChannelAsync(ScriptedGuest guest, ChannelEndpoints endpoints)
    {
        Task starting = Session.StartChannelAsync(endpoints, CancellationToken.None);
        BusChannelPair pair = await guest.AcceptAsync();
        await Wait.UntilAsync(starting, "the channel to open");
        return pair;
    }

    /// <summary>Starts a channel that must be refused, and sees to it that no channel is left.</summary>
    public async Task<VirtualMachineException> RefusalOfAsync(ChannelEndpoints endpoints)
    {
        int before = Session.Channels.Count;
        Task starting = Session.StartChannelAsync(endpoints, CancellationToken.None);
        await Wait.UntilAsync(Task.WhenAny(starting), "the refusal");
        Assert.That(starting.Exception?.InnerException, Is.TypeOf<VirtualMachineException>());
        Assert.That(Session.Channels, Has.Count.EqualTo(before));
        return (VirtualMachineException)starting.Exception!.InnerException!;
    }

    /// <summary>Waits for an entry of the event log.</summary>
    public async Task<LogEntry> WaitForEntryAsync(int id)
    {
        await Wait.UntilAsync(() => Log.Entries.Any(entry => entry.Id == id), $"the event log's entry {id}");
        return Log.Entries.First(entry => entry.Id == id);
    }

    /// <inheritdoc/>
    public bool TryGetValue(string key, [NotNullWhen(true)] out object? value)
    {
        value = null;
        return false;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Wait.UntilAsync(Session.DisposeAsync().AsTask(), "the session to end");
        await Machine.DisposeAsync();
    }
}
