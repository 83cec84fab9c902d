namespace VpcComApi.VpcBus.Tests.Links;

/// <summary>One connection to one end of a <see cref="LossyPort"/>. Reads return 0 and writes fail once it is cut.</summary>
internal sealed class PortEnd(LossyPort port, PortConnection connection, LossyWire output, LossyWire input) : WrappingStream(Null)
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!connection.IsBroken)
        {
            Task changed = input.Changed;
            int length = input.Take(buffer.Span);
            if (length > 0)
            {
                return length;
            }

            await Task.WhenAny(changed, connection.Broken).WaitAsync(cancellationToken);
        }

        return 0;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int allowed = port.Use(connection, buffer.Length);
        bool cut = allowed < buffer.Length;
        buffer = buffer[..allowed];
        while (!buffer.IsEmpty && !connection.IsBroken)
        {
            Task changed = output.Changed;
            int length = output.Put(buffer.Span);
            buffer = buffer[length..];
            if (length == 0)
            {
                await Task.WhenAny(changed, connection.Broken).WaitAsync(cancellationToken);
            }
        }

        if (cut)
        {
            port.Cut();
        }

        if (connection.IsBroken)
        {
            throw new IOException("The connection was cut.");
        }
    }

    protected override void Dispose(bool disposing)
    {
        port.Leave(connection);
        base.Dispose(disposing);
    }
}
