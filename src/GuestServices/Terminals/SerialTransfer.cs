using System.Globalization;
using System.Security.Cryptography;

namespace VpcComApi.GuestServices.Terminals;

/// <summary>
/// The commands at a serial line's prompt with which a program tests that line: a number of arbitrary bytes is transferred, and their hash
/// is printed.
/// </summary>
/// <param name="port">The line.</param>
/// <param name="terminal">Receives the answer.</param>
internal sealed class SerialTransfer(GuestSerialPort port, ITerminal terminal)
{
    /// <summary>The most bytes of one transfer.</summary>
    public const int MaxBytes = 1 << 30;

    private const int BlockSize = 4096;

    /// <summary>How long a transfer waits for the next byte from the other end.</summary>
    private static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(30);

    private static readonly char[] Blank = [' '];

    /// <summary>
    /// The byte at a position of the data that <c>send</c> sends: it contains all values and repeats only after 65,536 bytes.
    /// </summary>
    /// <param name="position">The position, 0 for the first byte.</param>
    public static byte PatternAt(int position) => (byte)(position + (position >> 8));

    /// <summary>Executes a command, if the line is one of these.</summary>
    /// <param name="line">What was typed.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <returns>False when it is another command.</returns>
    public async Task<bool> TryExecuteAsync(string line, CancellationToken cancellationToken)
    {
        string[] words = line.Split(Blank, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        Func<int, IncrementalHash, CancellationToken, Task<int>>? transfer = words.FirstOrDefault()?.ToLowerInvariant() switch
        {
            "send" => SendAsync,
            "receive" => (count, hash, token) => ReceiveAsync(count, hash, sendBack: false, token),
            "loopback" => (count, hash, token) => ReceiveAsync(count, hash, sendBack: true, token),
            _ => null,
        };
        if (transfer is null)
        {
            return false;
        }

        if (words.Length != 2 || !int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out int bytes)
            || bytes is < 1 or > MaxBytes)
        {
            terminal.Write(
                string.Create(CultureInfo.InvariantCulture, $"{words[0]} BYTES, a number from 1 to {MaxBytes}.\n"), TextColor.Notice);
            return true;
        }

        using IncrementalHash sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        int done = await transfer(bytes, sum, cancellationToken);
        string end = done < bytes
            ? string.Create(CultureInfo.InvariantCulture, $", and then nothing for {IdleLimit.TotalSeconds} s")
            : string.Empty;
        terminal.Write(string.Create(
            CultureInfo.InvariantCulture, $"\n{words[0]}: {done} bytes, SHA-256 {Convert.ToHexStringLower(sum.GetHashAndReset())}{end}\n"));
        return true;
    }

    private async Task<int> SendAsync(int count, IncrementalHash sum, CancellationToken cancellationToken)
    {
        for (int sent = 0; sent < count;)
        {
            await port.WaitForRoomAsync(cancellationToken);
            byte[] block = new byte[Math.Min(BlockSize, count - sent)];
            for (int i = 0; i < block.Length; i++)
            {
                block[i] = PatternAt(sent + i);
            }

            sum.AppendData(block);
            port.Send(block);
            sent += block.Length;
        }

        return count;
    }

    private async Task<int> ReceiveAsync(int count, IncrementalHash sum, bool sendBack, CancellationToken cancellationToken)
    {
        byte[] block = new byte[BlockSize];
        int done = 0;
        while (done < count)
        {
            int length;
            using CancellationTokenSource idle = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            idle.CancelAfter(IdleLimit);
            try
            {
                length = await port.ReadAsync(block.AsMemory(0, Math.Min(block.Length, count - done)), idle.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return done;
            }

            sum.AppendData(block, 0, length);
            done += length;
            if (sendBack)
            {
                await port.WaitForRoomAsync(cancellationToken);
                port.Send(block[..length]);
            }
        }

        return done;
    }
}
