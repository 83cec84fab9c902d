using System.Globalization;
using System.IO.MemoryMappedFiles;

namespace VpcComApi.FaultRun.Transfer;

/// <summary>The counts of all transfers of a round, in a file that both ends map: what a killed process has counted stays.</summary>
internal sealed unsafe class TransferLedger : IDisposable
{
    private readonly MemoryMappedFile file;
    private readonly MemoryMappedViewAccessor view;
    private readonly TransferCounts* counts;

    private TransferLedger(string path, FileMode mode, int transfers)
    {
        long size = transfers * 2L * sizeof(TransferCounts);
        file = MemoryMappedFile.CreateFromFile(path, mode, null, size);
        view = file.CreateViewAccessor(0, size);
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        counts = (TransferCounts*)start;
        Transfers = transfers;
    }

    /// <summary>How many transfers the round has.</summary>
    public int Transfers { get; }

    /// <summary>The file of a round.</summary>
    public static string PathOf(string folder, int round) =>
        Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"round-{round}"));

    /// <summary>Makes the ledger of a round.</summary>
    public static TransferLedger Create(string folder, int round, int transfers) =>
        new(PathOf(folder, round), FileMode.CreateNew, transfers);

    /// <summary>Opens the ledger of a round.</summary>
    public static TransferLedger Open(string folder, int round) =>
        new(PathOf(folder, round), FileMode.Open, (int)(new FileInfo(PathOf(folder, round)).Length / (2 * sizeof(TransferCounts))));

    /// <summary>The counts at the pipe.</summary>
    public ref TransferCounts Client(int transfer) => ref counts[2 * Checked(transfer)];

    /// <summary>The counts at the TCP connection.</summary>
    public ref TransferCounts Server(int transfer) => ref counts[(2 * Checked(transfer)) + 1];

    /// <inheritdoc/>
    public void Dispose()
    {
        view.SafeMemoryMappedViewHandle.ReleasePointer();
        view.Dispose();
        file.Dispose();
    }

    private int Checked(int transfer) =>
        (uint)transfer < (uint)Transfers ? transfer : throw new ArgumentOutOfRangeException(nameof(transfer));
}
