namespace VpcComApi.ComServer.Verification.Checks;

/// <summary>Whether a client that writes and goes before the server has accepted it is served all the same.</summary>
internal sealed class ShortPipeClientCheck : IVerificationCheck
{
    private const byte FirstByte = 0x21;
    private const int Length = 1000;

    /// <inheritdoc/>
    public string Name => "pipe-short-client";

    /// <inheritdoc/>
    public string Claim =>
        "What a client writes is read to its last byte, also when the client is gone before the server has accepted it, and then ends; "
            + "writing nothing is no end.";

    /// <inheritdoc/>
    public string? KnownUnderWine => null;

    /// <inheritdoc/>
    public CheckResult Run()
    {
        using PipePair pair = new();
        byte[] sent = new byte[Length];
        Array.Fill(sent, FirstByte);
        pair.Client.Write([]);
        pair.Client.Write(sent);
        pair.Client.Dispose();

        byte[] received = new byte[Length + 1];
        using Stream server = pair.Accept();
        int length = PipePair.ReadToEnd(server, received);
        return length == Length && received.AsSpan(0, length).SequenceEqual(sent)
            ? CheckResult.Pass($"{length} bytes, then the end")
            : CheckResult.Fail(
                $"{length} of {Length} bytes arrived", "Please send this report: short-lived clients of a channel lose bytes here.");
    }
}
