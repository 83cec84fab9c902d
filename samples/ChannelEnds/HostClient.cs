using System.IO.Pipes;

namespace VpcComApi.ChannelEnds;

/// <summary>The host's end: a client of the channel's named pipe. On Linux the same name is that of a Unix socket.</summary>
public static class HostClient
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(60);

    /// <summary>Waits for a channel's pipe, connects to it, and runs the work until it is done, or until Ctrl-C.</summary>
    /// <param name="pipeName">The pipe's name without \\.\pipe\.</param>
    /// <param name="talk">The work. It returns the program's exit code.</param>
    /// <returns>The program's exit code.</returns>
    public static async Task<int> RunAsync(string pipeName, Func<LineConnection, CancellationToken, Task<int>> talk)
    {
        using StopRequest stop = new();
        try
        {
            await using NamedPipeClientStream pipe = new(".", pipeName, PipeDirection.InOut, PipeOptions.Asynchronous);
            await pipe.ConnectAsync(ConnectLimit, stop.Token);
            await using LineConnection lines = new(pipe);
            return await talk(lines, stop.Token);
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            return 0;
        }
        catch (Exception error) when (error is IOException or InvalidDataException or TimeoutException)
        {
            Console.Error.WriteLine($"The channel {pipeName} failed: {error.Message}");
            return 1;
        }
    }
}
