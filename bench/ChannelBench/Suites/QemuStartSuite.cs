using System.Diagnostics;
using System.Net.Sockets;
using VpcComApi.ChannelBench.Chains;
using VpcComApi.ChannelBench.Qemu;
using VpcComApi.ChannelBench.Results;
using VpcComApi.VirtualMachines;
using VpcComApi.VirtualMachines.Machines;

namespace VpcComApi.ChannelBench.Suites;

/// <summary>
/// From Startup to the ready event of a QEMU machine, compared with the same machine without the product: from QEMU's start to the first
/// byte of a program that replaces the guest service.
/// </summary>
internal sealed class QemuStartSuite : ISuite
{
    private const int Boots = 10;
    private const string Alone = "the guest alone";
    private static readonly TimeSpan BootLimit = TimeSpan.FromSeconds(60);

    private readonly Measure ready = new("start to ready", "ms", moreIsBetter: false, new Goal(Alone, 1.2));

    /// <inheritdoc/>
    public string Name => "qemu-start";

    /// <inheritdoc/>
    public bool IsOnRequest => true;

    /// <inheritdoc/>
    public async Task<ResultTable> RunAsync(BenchContext context)
    {
        string folder = context.MakeFolder();
        (VirtualMachineHost host, VirtualMachine machine) = QemuMachines.Open(folder, context.Guests);
        await using (host)
        {
            for (int boot = 0; boot <= Boots; boot++)
            {
                context.Progress($"boot {boot} of {Boots}");
                using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
                limit.CancelAfter(BootLimit);
                long began = Stopwatch.GetTimestamp();
                await machine.Startup(StartupOption.Normal).Completion.WaitAsync(limit.Token);
                await machine.WaitForChannelReadyAsync(limit.Token);
                double milliseconds = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
                IReadOnlyList<string> words = QemuArguments.Of(QemuMachines.MachineName);
                await machine.TurnOff().Completion.WaitAsync(limit.Token);
                double alone = await BootAloneAsync(Path.Combine(folder, $"mark{boot}"), words, context.Guests, limit.Token);

                // The first one finds QEMU, tries its accelerators and fills the computer's caches.
                if (boot > 0)
                {
                    ready.Add(Chain.Product, milliseconds);
                    ready.Add(Alone, alone);
                }
            }
        }

        return new ResultTable($"{Boots} boots of a Linux in QEMU", [Chain.Product, Alone], [ready]);
    }

    private static async Task<double> BootAloneAsync(
        string socket, IReadOnlyList<string> words, BenchGuests guests, CancellationToken cancellationToken)
    {
        long began = Stopwatch.GetTimestamp();
        await using RawGuest guest = RawGuest.Start(QemuArguments.WithOther(words, socket, guests.Mark));
        using Socket port = await RawGuest.ConnectAsync(socket);
        byte[] mark = new byte[1];
        int length = await port.ReceiveAsync(mark, cancellationToken);
        return length == 1
            ? Stopwatch.GetElapsedTime(began).TotalMilliseconds
            : throw new InvalidDataException("The guest ended before its mark.");
    }
}
