using System.Globalization;
using System.IO.Pipelines;
using Nerdbank.Streams;

namespace VpcComApi.ChannelBench.Framed;

/// <summary>A channel of Nerdbank.Streams' MultiplexingStream.</summary>
internal sealed class NerdbankOverSocket : ChannelOverSocket
{
    /// <summary>The protocol with flow control.</summary>
    public const int Version2 = 2;

    /// <summary>The protocol without a handshake.</summary>
    public const int Version3 = 3;

    private const string ChannelName = "bench";

    private readonly MultiplexingStream near;
    private readonly MultiplexingStream far;

    private NerdbankOverSocket(
        int version, MultiplexingStream near, MultiplexingStream far, MultiplexingStream.Channel offered,
        MultiplexingStream.Channel accepted)
        : base(NameOf(version))
    {
        this.near = near;
        this.far = far;
        Near = offered;
        Far = accepted;
    }

    /// <inheritdoc/>
    public override IDuplexPipe Near { get; }

    /// <inheritdoc/>
    public override IDuplexPipe Far { get; }

    /// <summary>The name in the table.</summary>
    public static string NameOf(int version) => "Nerdbank v" + version.ToString(CultureInfo.InvariantCulture);

    /// <summary>Opens a multiplexing stream and one channel on it.</summary>
    /// <param name="version">The protocol's version.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public static async Task<NerdbankOverSocket> OpenAsync(int version, CancellationToken cancellationToken)
    {
        (Stream nearStream, Stream farStream) = await JoinedStreamsAsync(cancellationToken);
        Task<MultiplexingStream> creating = MultiplexingStream.CreateAsync(farStream, Options(version), cancellationToken);
        MultiplexingStream near = await MultiplexingStream.CreateAsync(nearStream, Options(version), cancellationToken);
        MultiplexingStream far = await creating;
        Task<MultiplexingStream.Channel> offering = near.OfferChannelAsync(ChannelName, cancellationToken);
        MultiplexingStream.Channel accepted = await far.AcceptChannelAsync(ChannelName, cancellationToken);
        return new NerdbankOverSocket(version, near, far, await offering, accepted);
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await near.DisposeAsync();
        await far.DisposeAsync();
    }

    private static MultiplexingStream.Options Options(int version) =>
        new() { ProtocolMajorVersion = version, DefaultChannelReceivingWindowSize = Window };
}
