using System.Buffers.Binary;
using VpcComApi.VpcBus;
using VpcComApi.VpcBus.Links.Resumption;

namespace VpcComApi.Fuzz;

/// <summary>
/// What a resumable link may read from a byte link. The input is a list of steps: noise, frames with any field wrong but a right checksum,
/// and what the other users of the session do meanwhile. It may only result in a bus error, and the session's state must stay consistent.
/// </summary>
internal static class LinkTarget
{
    private const int BufferSize = 64 * 1024;
    private static readonly Guid Peer = new("11111111-2222-3333-4444-555555555555");

    public static void Run(byte[] input)
    {
        LinkRun run = new(input);
        try
        {
            while (run.Step())
            {
                run.CheckBooks();
            }
        }
        catch (BusException)
        {
            // The expected end.
        }

        run.CheckBooks();
    }

    private sealed class LinkRun
    {
        private readonly byte[] input;
        private readonly LinkSession session = new(BusSide.Host, BufferSize, BufferSize);
        private readonly LinkFrameReader frames = new();
        private readonly byte[] output = new byte[4 * (LinkProtocol.HeaderLength + LinkProtocol.MaxPayload)];
        private int position;
        private ulong nonce;
        private long received;
        private long unread;

        public LinkRun(byte[] input)
        {
            this.input = input;
            session.Synchronise();
            session.Write(new byte[3000]);
            Collect();
        }

        public bool Step()
        {
            if (position >= input.Length)
            {
                return false;
            }

            byte step = Next();
            switch (step % 8)
            {
                case 0:
                    int length = Math.Min(Next(), input.Length - position);
                    Feed(input.AsSpan(position, length));
                    position += length;
                    break;
                case 1:
                case 2:
                    FeedFrame();
                    break;
                case 3:
                    FeedSync();
                    break;
                case 4:
                    int taken = (int)Math.Min(unread, 64 * Next());
                    session.Consume(taken);
                    unread -= taken;
                    break;
                case 5:
                    session.Write(new byte[Next() * 16]);
                    break;
                case 6:
                    session.Probe();
                    Collect();
                    break;
                case 7:
                    switch (Next() % 4)
                    {
                        case 0:
                            session.WriteEnd();
                            break;
                        case 1:
                            session.AskAgain();
                            break;
                        case 2:
                            session.Synchronise();
                            break;
                    }

                    Collect();
                    break;
            }

            return true;
        }

        public void CheckBooks()
        {
            if (unread > BufferSize || session.Room is < 0 or > BufferSize || session.Sent > session.Written + 1
                || session.Acknowledged > session.Sent + BufferSize)
            {
                throw new InvalidOperationException("The session's books are wrong.");
            }
        }

        private byte Next() => position < input.Length ? input[position++] : (byte)0;

        private void FeedFrame()
        {
            byte kind = Next();
            int length = Next() * (kind >= 0x80 ? 64 : 1);
            byte[] frame = new byte[LinkProtocol.HeaderLength + Math.Min(length, LinkProtocol.MaxPayload)];
            for (int n = LinkProtocol.HeaderLength; n < Math.Min(frame.Length, LinkProtocol.HeaderLength + 16); n++)
            {
                frame[n] = Next();
            }

            byte wrong = Next();
            new LinkFrameHeader(
                frame.Length - LinkProtocol.HeaderLength,
                (LinkFrameType)(kind & 0xF),
                (uint)nonce + ((wrong & 1) != 0 ? Next() : 0u),
                (ulong)(received + ((wrong & 2) != 0 ? (sbyte)Next() : 0)),
                (wrong & 4) != 0 ? session.Acknowledged + (ulong)(sbyte)Next() : session.Sent,
                (wrong & 8) != 0 ? uint.MaxValue : (uint)(Next() * 256)).Seal(frame);
            Feed(frame);
            Collect();
        }

        private void FeedSync()
        {
            byte wrong = Next();
            byte[] frame = new byte[LinkProtocol.HeaderLength + LinkSync.PayloadLength];
            new LinkSync(
                1,
                (wrong & 1) != 0 ? Next() : 1,
                (byte)((wrong & 2) != 0 ? Next() : 1),
                (wrong & 4) != 0 ? new Guid(Next(), 1, 1, new byte[8]) : Peer,
                (wrong & 8) != 0 ? new Guid(Next(), 1, 1, new byte[8]) : (wrong & 16) != 0 ? session.Id : Guid.Empty,
                Next(),
                (wrong & 32) != 0 ? Next() : nonce,
                (ulong)(received + ((wrong & 64) != 0 ? (sbyte)Next() : 0))).Write(frame.AsSpan(LinkProtocol.HeaderLength));
            new LinkFrameHeader(
                LinkSync.PayloadLength, LinkFrameType.Sync, 0, (ulong)received,
                (wrong & 128) != 0 ? (ulong)(sbyte)Next() : session.Acknowledged, (uint)(Next() * 256)).Seal(frame);
            Feed(frame);
            Collect();
        }

        /// <summary>Does what the owner of a session does.</summary>
        private void Feed(ReadOnlySpan<byte> bytes)
        {
            while (!bytes.IsEmpty)
            {
                Memory<byte> free = frames.Free;
                int length = Math.Min(free.Length, bytes.Length);
                bytes[..length].CopyTo(free.Span);
                frames.Advance(length);
                bytes = bytes[length..];
                while (true)
                {
                    LinkFrameReader.Outcome outcome = session.IsSynchronised
                        ? frames.TryRead(out LinkFrameHeader header, out ReadOnlyMemory<byte> payload)
                        : frames.TrySeek(out header, out payload);
                    if (outcome == LinkFrameReader.Outcome.Incomplete)
                    {
                        break;
                    }

                    LinkStep step = outcome == LinkFrameReader.Outcome.Damaged ? session.Damage() : session.Receive(header, payload.Span);
                    if (step == LinkStep.Deliver)
                    {
                        received += payload.Length;
                        unread += payload.Length;
                    }
                    else if (step == LinkStep.End)
                    {
                        received++;
                    }
                }
            }
        }

        /// <summary>Sends pending frames, and reads from them the nonce that the other side would know.</summary>
        private void Collect()
        {
            int length;
            while ((length = session.Collect(output)) > 0)
            {
                ReadOnlySpan<byte> sent = output.AsSpan(0, length);
                int at = sent.IndexOfAnyExcept((byte)0);
                if (at >= 0 && LinkFrameHeader.ReadType(sent[at..]) == LinkFrameType.Sync)
                {
                    nonce = BinaryPrimitives.ReadUInt64LittleEndian(sent[(at + LinkProtocol.HeaderLength + 40)..]);
                }
            }
        }
    }
}
