using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using VpcComApi.VpcBus.Links.Resumption;
using VpcComApi.VpcBus.Rings;

namespace VpcComApi.VpcBus.Links;

/// <summary>The options of one side of a <see cref="ResumableStream"/>.</summary>
public sealed class ResumableStreamOptions
{
    /// <summary>Bytes that are kept until the other side has acknowledged them, by default.</summary>
    public const int DefaultReplayBuffer = 1024 * 1024;

    /// <summary>Bytes that the other side may send before this side's reader has taken them, by default.</summary>
    public const int DefaultWindow = 1024 * 1024;

    /// <summary>Which side of the link this is. The peer must be the opposite side.</summary>
    public required BusSide Side { get; init; }

    /// <summary>
    /// Bytes that are kept until the other side has acknowledged them; when this number is reached, writes wait. 64 KiB to 64 MiB.
    /// </summary>
    public int ReplayBuffer { get; init; } = DefaultReplayBuffer;

    /// <summary>Bytes that the other side may send before this side's reader has taken them. 64 KiB to 64 MiB.</summary>
    public int Window { get; init; } = DefaultWindow;

    /// <summary>
    /// Memory and doorbell that this side shares with the other one in addition to the byte link, or null. A bus over the stream transfers
    /// its data through them if the other side has them too. The device is not disposed with the stream.
    /// </summary>
    public RingDevice? Rings { get; init; }

    /// <summary>
    /// How long an interruption may last before the session counts as lost. A machine that is paused while its byte link is intact is not
    /// interrupted.
    /// </summary>
    public TimeSpan ResumeTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the disposal waits for the other side to acknowledge the last bytes and to close too.</summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The wait before the next attempt to open a byte link; it doubles with each failure.</summary>
    public TimeSpan ShortestRedial { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>The longest such wait.</summary>
    public TimeSpan LongestRedial { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long to wait for an answer before asking again; it doubles each time, up to <see cref="LongestQuestionInterval"/>.
    /// </summary>
    public TimeSpan QuestionInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest such wait.</summary>
    public TimeSpan LongestQuestionInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The clock of all limits above.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where interruptions are reported.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentException">A value is out of its range; the message names it.</exception>
    internal void Validate()
    {
        if (!Enum.IsDefined(Side))
        {
            throw new ArgumentException($"{nameof(Side)} is {(int)Side}; it must be Host or Guest.");
        }

        ArgumentNullException.ThrowIfNull(TimeProvider);
        ArgumentNullException.ThrowIfNull(Logger);
        CheckBuffer(ReplayBuffer, nameof(ReplayBuffer));
        CheckBuffer(Window, nameof(Window));
        CheckTime(ResumeTimeout, nameof(ResumeTimeout));
        CheckTime(CloseTimeout, nameof(CloseTimeout));
        CheckTime(ShortestRedial, nameof(ShortestRedial));
        CheckTime(LongestRedial, nameof(LongestRedial));
        CheckTime(QuestionInterval, nameof(QuestionInterval));
        CheckTime(LongestQuestionInterval, nameof(LongestQuestionInterval));
    }

    private static void CheckBuffer(int value, string name)
    {
        if (value is < LinkProtocol.MinBuffer or > LinkProtocol.MaxBuffer)
        {
            throw new ArgumentException($"{name} is {value}; it must lie between {LinkProtocol.MinBuffer} and {LinkProtocol.MaxBuffer}.");
        }
    }

    private static void CheckTime(TimeSpan value, string name)
    {
        if (value <= TimeSpan.Zero || value > TimeSpan.FromDays(1))
        {
            throw new ArgumentException($"{name} is {value}; it must be longer than nothing and at most a day.");
        }
    }
}
