namespace VpcComApi.Fuzz;

/// <summary>Code that processes untrusted bytes.</summary>
/// <param name="Name">What it is called, and the folder of its corpus.</param>
/// <param name="Run">Feeds it; throws when it did what it must never do.</param>
/// <param name="LongestInput">Bytes of the longest input that makes sense.</param>
public sealed record FuzzTarget(string Name, Action<byte[]> Run, int LongestInput)
{
    /// <summary>Every target.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("frames", FrameTarget.Run, 4096),
        new("handshake", HandshakeTarget.Run, 1200),
        new("link", LinkTarget.Run, 4096),
        new("integration", IntegrationTarget.Run, 2048),
        new("rings", RingTarget.Run, 512),
    ];

    /// <summary>The inputs that are kept in the repository.</summary>
    public IReadOnlyList<byte[]> Corpus =>
    [
        .. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "corpus", Name)).Order(
            StringComparer.Ordinal).Select(File.ReadAllBytes),
    ];
}
