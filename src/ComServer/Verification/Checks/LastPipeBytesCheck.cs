namespace VpcComApi.ComServer.Verification.Checks;

/// <summary>
/// Whether a client still gets what was written before the server closed its end. A Windows pipe cannot end one direction alone, so the end
/// of the guest's bytes is shown by closing the pipe.
/// </summary>
internal sealed class LastPipeBytesCheck : IVerificationCheck
{
    private const byte FirstByte = 0x42;
    private const int Length = 1000;

    /// <inheritdoc/>
    public string Name => "pipe-last-bytes";

    /// <inheritdoc/>
    public string Claim => "A client reads what was written to it after the server has closed its end of the pipe, and then the end.";

    /// <inheritdoc/>
    public string? KnownUnderWine => null;

    /// <inheritdoc/>
    public CheckResult Run()
    {
        using PipePair pair = new();
        byte[] sent = new byte[Length];
        Array.Fill(sent, FirstByte);
        using (Stream server = pair.Accept())
        {
            server.WriteAsync(sent).AsTask().GetAwaiter().GetResult();
        }

        pair.Listener.Dispose();
        byte[] received = new byte[Length + 1];
        int length = PipePair.ReadToEnd(pair.Client, received);
        return length == Length && received.AsSpan(0, length).SequenceEqual(sent)
            ? CheckResult.Pass($"{length} bytes, then the end")
            : CheckResult.Fail(
                $"{length} of {Length} bytes arrived", "Please send this report: the last bytes of a channel are lost here.");
    }
}
