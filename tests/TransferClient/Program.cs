using System.Globalization;
using System.IO.Pipes;
using System.Security.Cryptography;

namespace VpcComApi.TransferClient;

/// <summary>
/// TransferClient PIPE MEGABYTES SEED [MACHINE PORT]: sends that much through the pipe, reads as much back, and compares by SHA-256. With a
/// machine and a port it opens the channel first, through COM.
/// </summary>
internal static class Program
{
    private const int BytesInMegabyte = 1_000_000;
    private const int BlockSize = 64 * 1024;
    private const int ConnectLimitMilliseconds = 30_000;

    private static async Task<int> Main(string[] arguments)
    {
        string pipeName = arguments[0];
        long length = long.Parse(arguments[1], CultureInfo.InvariantCulture) * BytesInMegabyte;
        ulong seed = ulong.Parse(arguments[2], CultureInfo.InvariantCulture);
        if (arguments.Length == 5 && OperatingSystem.IsWindows())
        {
            MachineChannel.Open(arguments[3], pipeName, arguments[4]);
        }

        await using NamedPipeClientStream pipe = new(".", pipeName, PipeDirection.InOut, PipeOptions.Asynchronous);
        await pipe.ConnectAsync(ConnectLimitMilliseconds);
        Task<string> receiving = ReceiveAsync(pipe, length);
        string sent = await SendAsync(pipe, length, seed);
        string received = await receiving;
        Console.WriteLine(sent == received ? $"same {length} {sent}" : $"different {length} {sent} {received}");
        return sent == received ? 0 : 1;
    }

    private static async Task<string> SendAsync(Stream pipe, long length, ulong seed)
    {
        RandomBytes random = new(seed);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] block = new byte[BlockSize];
        for (long left = length; left > 0;)
        {
            random.Fill(block);
            int size = (int)Math.Min(left, block.Length);
            hash.AppendData(block, 0, size);
            await pipe.WriteAsync(block.AsMemory(0, size));
            left -= size;
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static async Task<string> ReceiveAsync(Stream pipe, long length)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] block = new byte[BlockSize];
        for (long left = length; left > 0;)
        {
            int size = await pipe.ReadAsync(block.AsMemory(0, (int)Math.Min(left, block.Length)));
            if (size == 0)
            {
                throw new EndOfStreamException($"The channel ended with {left} of {length} bytes to come.");
            }

            hash.AppendData(block, 0, size);
            left -= size;
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
