using System.Threading.Channels;
using VpcComApi.VpcBus.Channels;
using VpcComApi.VpcBus.Diagnostics;
using VpcComApi.VpcBus.Framed;
using VpcComApi.VpcBus.Protocol;

namespace VpcComApi.VpcBus;

/// <content>Offers of both sides, and the pairs that they lead to.</content>
public sealed partial class BusConnection
{
    private readonly Dictionary<uint, OutgoingOffer> outgoingOffers = [];
    private readonly Dictionary<uint, BusChannelOffer> incomingOffers = [];
    private readonly Channel<BusChannelOffer> offers =
        Channel.CreateUnbounded<BusChannelOffer>(new UnboundedChannelOptions { AllowSynchronousContinuations = false });

    private readonly SemaphoreSlim offerSlots;
    private uint nextOffer;
    private uint lastIncomingOffer;

    /// <summary>Offers a pair of channels and waits until the other side accepts it.</summary>
    /// <param name="service">The service that this side wants to use: 1 to <see cref="BusOptions.MaxServiceNameLength"/> bytes of UTF-8, no
    /// control characters.</param>
    /// <param name="cancellationToken">Withdraws the offer.</param>
    /// <exception cref="BusChannelRejectedException">The other side refused and gave a reason.</exception>
    /// <exception cref="BusException"><see cref="BusError.TooManyChannels"/>: one of the sides allows no more pairs;
    /// <see cref="BusError.TimedOut"/>: no answer within <see cref="BusOptions.OfferTimeout"/>; or the error that ended the
    /// bus.</exception>
    public async Task<BusChannelPair> OfferAsync(string service, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(service);
        if (ServiceName.Check(service) is { } fault)
        {
            throw new ArgumentException($"The service name {fault}.", nameof(service));
        }

        using CancellationTokenSource limit = new(Options.OfferTimeout, Options.TimeProvider);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(
            limit.Token, cancellationToken, ending.Token);
        OutgoingOffer? offer = null;
        try
        {
            // The other side limits the number of unanswered offers; further ones wait here.
            await offerSlots.WaitAsync(either.Token);
            offer = SendOffer(service);
            WakeWriter();
            return await offer.Answer.Task.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            if (offer is not null)
            {
                bool withdrawn;
                lock (Gate)
                {
                    withdrawn = outgoingOffers.ContainsKey(offer.Number);
                    if (withdrawn)
                    {
                        offer.Withdraw();
                    }
                }

                WakeWriter();
                if (!withdrawn)
                {
                    // The answer arrived at the same moment. The pair is returned, because otherwise nobody would close it.
                    return await offer.Answer.Task;
                }
            }

            lock (Gate)
            {
                if (EndError is not null)
                {
                    throw EndError;
                }
            }

            cancellationToken.ThrowIfCancellationRequested();
            throw new BusException(
                BusError.TimedOut,
                $"The other side did not answer the offer of '{service}' within {Options.OfferTimeout.TotalSeconds:0.###} s.");
        }
    }

    /// <summary>Waits for the next offer of the other side.</summary>
    /// <returns>The offer, or null once the bus has ended or is being closed; <see cref="Completion"/> shows how.</returns>
    public async ValueTask<BusChannelOffer?> ReceiveOfferAsync(CancellationToken cancellationToken = default)
    {
        while (await offers.Reader.WaitToReadAsync(cancellationToken))
        {
            while (offers.Reader.TryRead(out BusChannelOffer? offer))
            {
                lock (Gate)
                {
                    if (offer.IsOpen)
                    {
                        return offer;
                    }
                }
            }
        }

        return null;
    }

    /// <summary>Opens a pair that the other side has offered, or returns null when this side allows no more. Under the gate.</summary>
    /// <param name="number">The pair's number.</param>
    /// <param name="service">What it is for.</param>
    /// <param name="sendWindow">The other side's window.</param>
    /// <param name="history">The events of the pair so far.</param>
    /// <param name="slot">The slot in the offer, or -1.</param>
    internal BusChannelPair? TryOpen(uint number, string service, int sendWindow, ChannelHistory history, int slot)
    {
        // This side's own offers count too, because they may be accepted at any moment.
        if (pairs.Count + outgoingOffers.Count >= Options.MaxChannelPairs)
        {
            return null;
        }

        return Open(number, service, sendWindow, history, Transport.ChooseSlot(slot));
    }

    /// <summary>The error when the limit of pairs is reached.</summary>
    internal BusException TooManyChannels() => new(
        BusError.TooManyChannels, $"All {Options.MaxChannelPairs} channel pairs of the {Side} are taken; end one first.");

    /// <summary>An incoming offer is answered. Under the gate.</summary>
    internal void Forget(BusChannelOffer offer) => incomingOffers.Remove(offer.Number);

    /// <summary>An outgoing offer is answered, or was never sent. Under the gate.</summary>
    internal void Forget(OutgoingOffer offer)
    {
        if (outgoingOffers.Remove(offer.Number))
        {
            offerSlots.Release();
            if (offer.Slot >= 0)
            {
                Transport.ReturnSlot(offer.Slot);
            }
        }
    }

    private BusChannelPair Open(uint number, string service, int sendWindow, ChannelHistory history, int slot)
    {
        IChannelTransport transport = Transport.Open(slot, number, sendWindow, Options.Window);
        BusChannelPair pair = new(this, number, service, sendWindow, history, transport);
        pairs.Add(number, pair);
        return pair;
    }

    private OutgoingOffer SendOffer(string service)
    {
        lock (Gate)
        {
            BusException? refusal = EndError;
            if (refusal is null && pairs.Count + outgoingOffers.Count >= Options.MaxChannelPairs)
            {
                refusal = TooManyChannels();
            }

            if (refusal is null && nextOffer > BusProtocol.MaxPairNumber)
            {
                refusal = new BusException(BusError.TooManyChannels, "The bus has used up all its channel numbers; open a new connection.");
            }

            if (refusal is not null)
            {
                offerSlots.Release();
                throw refusal;
            }

            OutgoingOffer offer = new(this, nextOffer, service, BusText.Encode(service, BusOptions.MaxServiceNameLength));
            nextOffer += 2;
            outgoingOffers.Add(offer.Number, offer);
            QueueControl(offer);
            return offer;
        }
    }

    /// <summary>Nothing is offered any more in either direction. Under the gate.</summary>
    private void EndOffers(BusException reason)
    {
        offers.Writer.TryComplete();
        foreach (OutgoingOffer offer in outgoingOffers.Values)
        {
            offer.Answer.TrySetException(reason);
            _ = offer.Answer.Task.Exception;
        }

        foreach (BusChannelOffer offer in incomingOffers.Values)
        {
            if (offer.IsOpen)
            {
                offer.RefuseForBus(reason.Message);
            }
        }
    }

    private void HandleOffer(uint number, PayloadReader payload)
    {
        if (BusProtocol.OffererOf(number) != Peer.Side || number > BusProtocol.MaxPairNumber)
        {
            throw CorruptFrame.Error(FrameType.Offer, number, "pair", $"is no number of the {Peer.Side}'s");
        }

        if (number <= lastIncomingOffer)
        {
            throw CorruptFrame.Error(FrameType.Offer, number, "pair", $"does not follow {lastIncomingOffer}");
        }

        int window = ReadWindow(FrameType.Offer, number, payload.ReadUInt32("window"));
        string service = payload.ReadText("service", BusOptions.MaxServiceNameLength);
        if (ServiceName.Check(service) is { } fault)
        {
            throw CorruptFrame.Error(FrameType.Offer, number, "service", fault);
        }

        if (incomingOffers.Count >= Options.MaxPendingOffers)
        {
            throw CorruptFrame.Error(
                FrameType.Offer, number, "offer", $"is one too many; {Options.MaxPendingOffers} may wait for an answer");
        }

        int slot = Transport.ReadOffer(number, ref payload);
        lastIncomingOffer = number;
        BusChannelOffer offer = new(this, number, service, window, slot);
        incomingOffers.Add(number, offer);
        if (isClosing || !offers.Writer.TryWrite(offer))
        {
            offer.Refuse(RejectCode.Closing, $"The {Side} is closing the bus.");
        }
    }

    private void HandleAccept(FrameHeader header, PayloadReader payload)
    {
        OutgoingOffer offer = FindOffer(header);
        int sendWindow = ReadWindow(header.Type, header.Id, payload.ReadUInt32("window"));
        int slot = Transport.ReadAccept(header.Id, ref payload, offer.Slot);
        if (slot >= 0)
        {
            // The slot belongs to the pair from here on.
            offer.Slot = -1;
        }

        Forget(offer);
        BusChannelPair pair = Open(offer.Number, offer.Service, sendWindow, offer.History, slot);
        if (offer.IsWithdrawn || !offer.Answer.TrySetResult(pair))
        {
            // The answer was sent before the withdrawal arrived: nobody waits for the pair.
            pair.Reset(new BusException(BusError.ChannelReset, "The offer was withdrawn."));
        }
    }

    private void HandleReject(FrameHeader header, int code, string reason)
    {
        OutgoingOffer offer = FindOffer(header);
        Forget(offer);
        BusException failure = code switch
        {
            >= 0 => new BusChannelRejectedException(offer.Service, code, reason),
            RejectCode.TooManyChannels => new BusException(
                BusError.TooManyChannels, $"The {Peer.Side} allows no more channel pairs: {reason}"),
            RejectCode.Closing => new BusException(BusError.Closed, $"The {Peer.Side} is closing the bus: {reason}"),
            _ => new BusException(BusError.Rejected, $"The {Peer.Side} refused the service '{offer.Service}' with code {code}: {reason}"),
        };
        offer.Answer.TrySetException(failure);
        _ = offer.Answer.Task.Exception;
    }

    private OutgoingOffer FindOffer(FrameHeader header) =>
        outgoingOffers.TryGetValue(header.Id, out OutgoingOffer? offer) && offer.IsOffered
        ? offer : throw CorruptFrame.Error(header.Type, header.Id, "pair", "waits for no answer");

    private static int ReadWindow(FrameType type, uint number, uint window) => window is >= BusOptions.MinWindow and <= int.MaxValue
        ? (int)window : throw CorruptFrame.Error(type, number, "window", $"is {window}; the least is {BusOptions.MinWindow}");
}
