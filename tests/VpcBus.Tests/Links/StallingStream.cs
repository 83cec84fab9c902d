namespace VpcComApi.VpcBus.Tests.Links;

/// <summary>A link that now and then stalls before it reads or writes, and splits what it is given, all by the seed.</summary>
internal sealed class StallingStream(Stream inner, int seed) : WrappingStream(inner)
{
    private readonly Random readChance = new(seed);
    private readonly Random writeChance = new(seed + 1);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await StallAsync(readChance, cancellationToken);
        return await base.ReadAsync(buffer[..Math.Min(buffer.Length, readChance.Next(1, 40_000))], cancellationToken);
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            await StallAsync(writeChance, cancellationToken);
            int length = Math.Min(buffer.Length, writeChance.Next(1, 40_000));
            await base.WriteAsync(buffer[..length], cancellationToken);
            buffer = buffer[length..];
        }
    }

    private static async Task StallAsync(Random chance, CancellationToken cancellationToken)
    {
        switch (chance.Next(20))
        {
            case 0:
                await Task.Delay(chance.Next(1, 5), cancellationToken);
                break;
            case < 8:
                await Task.Yield();
                break;
        }
    }
}
