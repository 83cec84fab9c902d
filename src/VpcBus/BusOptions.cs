using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using VpcComApi.VpcBus.Protocol;
using VpcComApi.VpcBus.Rings;

namespace VpcComApi.VpcBus;

/// <summary>
/// The options of one side of a bus: which side it is, its limits, and how long it waits. The protocol page is docs/vpcbus.md.
/// </summary>
public sealed class BusOptions
{
    /// <summary>Channel pairs that may be open at once on one bus, by default.</summary>
    public const int DefaultMaxChannelPairs = 2048;

    /// <summary>Offers of one side that may wait for an answer at once, by default.</summary>
    public const int DefaultMaxPendingOffers = 128;

    /// <summary>Bytes that may be under way or unread in one channel, by default.</summary>
    public const int DefaultWindow = 512 * 1024;

    /// <summary>
    /// The smallest window: the size of the largest control frame, so that a window is never smaller than the smallest limit of a frame.
    /// </summary>
    public const int MinWindow = 4096;

    /// <summary>The largest window, so that sums of windows cannot overflow.</summary>
    public const int MaxWindow = 64 * 1024 * 1024;

    /// <summary>Bytes that a channel's writer accepts before a flush waits for the link or the peer.</summary>
    public const int DefaultSendBuffer = 128 * 1024;

    /// <summary>Payload bytes that this side takes in one frame, by default.</summary>
    public const int DefaultMaxFramePayload = 64 * 1024;

    /// <summary>Bytes of each ring, by default: the same as the window.</summary>
    public const int DefaultRingSize = DefaultWindow;

    /// <summary>The frame payload that every side must at least accept; control frames are never larger.</summary>
    public const int MinMaxFramePayload = 4096;

    /// <summary>The largest frame payload that a side may announce. It bounds how long a control frame waits for a data frame.</summary>
    public const int MaxMaxFramePayload = 1024 * 1024;

    /// <summary>UTF-8 bytes in the name of a service.</summary>
    public const int MaxServiceNameLength = 255;

    /// <summary>UTF-8 bytes in the reason of a rejection, a reset or a goodbye. Longer reasons are cut.</summary>
    public const int MaxReasonLength = 512;

    /// <summary>UTF-8 bytes in <see cref="ComponentVersion"/>.</summary>
    public const int MaxComponentVersionLength = 128;

    /// <summary>Which side of the bus this is. The peer must be the opposite side.</summary>
    public required BusSide Side { get; init; }

    /// <summary>The version of this side's component, for logs and for the text of a mismatch. At most
    /// <see cref="MaxComponentVersionLength"/> bytes of UTF-8.</summary>
    public required string ComponentVersion { get; init; }

    /// <summary>The name of the bus in metrics; the host uses the machine's name.</summary>
    public string Name { get; init; } = "";

    /// <summary>The oldest protocol revision that this side supports.</summary>
    public int MinRevision { get; init; } = BusProtocol.OldestRevision;

    /// <summary>The newest protocol revision that this side supports.</summary>
    public int MaxRevision { get; init; } = BusProtocol.Revision;

    /// <summary>Channel pairs that may be open at once, offered by either side. Further ones are refused.</summary>
    public int MaxChannelPairs { get; init; } = DefaultMaxChannelPairs;

    /// <summary>Offers of the other side that this side keeps until they are answered.</summary>
    public int MaxPendingOffers { get; init; } = DefaultMaxPendingOffers;

    /// <summary>Bytes that the other side may send on one channel before this side's reader has taken them.</summary>
    public int Window { get; init; } = DefaultWindow;

    /// <summary>Bytes that a channel's writer may hold unsent before its flush waits.</summary>
    public int SendBuffer { get; init; } = DefaultSendBuffer;

    /// <summary>Payload bytes that this side takes in one frame.</summary>
    public int MaxFramePayload { get; init; } = DefaultMaxFramePayload;

    /// <summary>Whether data may travel through shared memory: on Linux, when the other side is a process on the same machine and the link
    /// a Unix socket, or when the link has a <see cref="Rings.RingDevice"/> beside it. The other side must have this option too; otherwise,
    /// and everywhere else, data travels in frames.</summary>
    public bool UseRings { get; init; } = true;

    /// <summary>
    /// Bytes of each ring in shared memory that the host makes for a bus, a power of two; a device has sizes of its own. A channel uses at
    /// most as many bytes of it as its window.
    /// </summary>
    public int RingSize { get; init; } = DefaultRingSize;

    /// <summary>How long the hello exchange may take.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an offer may stay unanswered.</summary>
    public TimeSpan OfferTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an orderly end of a pair or of the bus may take before it is aborted.</summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long nothing may arrive before this side sends a Ping; the link counts as lost after twice that time.
    /// <see cref="Timeout.InfiniteTimeSpan"/>, the default, sends none: local links report the end of a peer by themselves.</summary>
    public TimeSpan KeepAliveInterval { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>The clock of all limits above.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>The bus logs one entry when it is established and one when it ends.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentException">A value is out of its range; the message names it.</exception>
    internal void Validate()
    {
        if (!Enum.IsDefined(Side))
        {
            throw new ArgumentException($"{nameof(Side)} is {(int)Side}; it must be Host or Guest.");
        }

        ArgumentNullException.ThrowIfNull(ComponentVersion);
        ArgumentNullException.ThrowIfNull(Name);
        ArgumentNullException.ThrowIfNull(TimeProvider);
        ArgumentNullException.ThrowIfNull(Logger);
        if (BusText.ByteCount(ComponentVersion) > MaxComponentVersionLength)
        {
            throw new ArgumentException($"{nameof(ComponentVersion)} is longer than {MaxComponentVersionLength} bytes of UTF-8.");
        }

        CheckRange(MinRevision, 1, ushort.MaxValue, nameof(MinRevision));
        CheckRange(MaxRevision, MinRevision, ushort.MaxValue, nameof(MaxRevision));
        CheckRange(MaxChannelPairs, 1, 1 << 20, nameof(MaxChannelPairs));
        CheckRange(MaxPendingOffers, 1, 1 << 16, nameof(MaxPendingOffers));
        CheckRange(Window, MinWindow, MaxWindow, nameof(Window));
        CheckRange(SendBuffer, 1, MaxWindow, nameof(SendBuffer));
        CheckRange(MaxFramePayload, MinMaxFramePayload, MaxMaxFramePayload, nameof(MaxFramePayload));
        CheckRange(RingSize, RingLayout.MinRingSize, RingLayout.MaxRingSize, nameof(RingSize));
        if (!int.IsPow2(RingSize))
        {
            throw new ArgumentException($"{nameof(RingSize)} is {RingSize}; it must be a power of two.");
        }

        CheckLimit(HandshakeTimeout, nameof(HandshakeTimeout));
        CheckLimit(OfferTimeout, nameof(OfferTimeout));
        CheckLimit(CloseTimeout, nameof(CloseTimeout));
        if (KeepAliveInterval != Timeout.InfiniteTimeSpan)
        {
            CheckLimit(KeepAliveInterval, nameof(KeepAliveInterval));
        }
    }

    private static void CheckRange(int value, int least, int most, string name)
    {
        if (value < least || value > most)
        {
            throw new ArgumentException($"{name} is {value}; it must lie between {least} and {most}.");
        }
    }

    private static void CheckLimit(TimeSpan value, string name)
    {
        if (value <= TimeSpan.Zero || value > TimeSpan.FromDays(1))
        {
            throw new ArgumentException($"{name} is {value}; it must be longer than nothing and at most a day.");
        }
    }
}
