using System.IO.Pipes;
using System.Security.Principal;
using Microsoft.Extensions.Logging;

namespace VpcComApi.GuestServices.Links;

/// <summary>A named pipe of this computer.</summary>
/// <param name="PipeName">Its name, without <c>\\.\pipe\</c>.</param>
internal sealed record NamedPipeAddress(string PipeName) : BusAddress
{
    /// <inheritdoc/>
    public override async Task<Stream> ConnectAsync(ILogger logger, CancellationToken cancellationToken)
    {
        // The server of the pipe can identify this process's user but cannot impersonate it.
        NamedPipeClientStream pipe = new(
            ".", PipeName, PipeDirection.InOut, PipeOptions.Asynchronous, TokenImpersonationLevel.Identification);
        try
        {
            await pipe.ConnectAsync(TimeSpan.Zero, cancellationToken);
            return pipe;
        }
        catch (Exception e)
        {
            await pipe.DisposeAsync();
            throw e is TimeoutException or UnauthorizedAccessException
                ? new IOException($"The pipe {PipeName} did not answer: {e.Message}", e)
                : e;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"pipe:{PipeName}";
}
