namespace VpcComApi.VirtualMachines.Peripherals;

/// <summary>A serial line's end that is plugged in somewhere, with what ends a write that waits there. Disposing it pulls it out.</summary>
internal sealed class PluggedEnd : IAsyncDisposable
{
    private readonly ISerialEnd end;
    private readonly CancellationTokenSource pulled = new();

    /// <summary>Of its own, because the one who writes may still ask for it when the source has gone.</summary>
    private readonly CancellationToken untilPulled;

    /// <summary>Plugs it in.</summary>
    /// <param name="end">What it is plugged in to; this owns it.</param>
    /// <param name="name">Its name, for messages.</param>
    public PluggedEnd(ISerialEnd end, string name)
    {
        this.end = end;
        Name = name;
        untilPulled = pulled.Token;
    }

    /// <summary>What it is plugged in to, for messages.</summary>
    public string Name { get; }

    /// <summary>Whether it has been pulled out.</summary>
    public bool IsPulled => untilPulled.IsCancellationRequested;

    /// <summary>Whether the last write failed because the volume was full. For the one who writes.</summary>
    public bool IsFull { get; set; }

    /// <summary>Brings bytes of the guest to it.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <exception cref="OperationCanceledException">It was pulled out meanwhile.</exception>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes) => await end.WriteAsync(bytes, untilPulled);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await pulled.CancelAsync();
        await end.DisposeAsync();
        pulled.Dispose();
    }
}
