using System.Globalization;
using System.Text;
using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.VirtualMachines.Qemu.Tests;

/// <summary>The shell that the small guest has on COM1, made to carry out one command after another.</summary>
/// <param name="port">The machine's end of the line.</param>
internal sealed class GuestShell(ISerialDevice port)
{
    /// <summary>How long a guest may need to boot, in an emulated processor of a busy computer.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly byte[] buffer = new byte[4096];
    private string received = string.Empty;
    private int commands;

    /// <summary>Waits for the shell of a guest that boots.</summary>
    public static async Task<GuestShell> OpenAsync(ISerialDevice port)
    {
        GuestShell shell = new(port);
        await shell.ReadUntilAsync("# ");

        // Without prompt and line editor, which would draw on a screen. The editor reads ahead, so nothing more is sent before it has let
        // go of the line.
        await shell.SendAsync("stty -echo; echo =\"=\"ready; while IFS= read -r line; do eval \"$line\"; done");
        await shell.ReadUntilAsync("==ready");
        return shell;
    }

    /// <summary>Continues with a shell that was opened over another connection.</summary>
    public static GuestShell GoOn(ISerialDevice port) => new(port);

    /// <summary>Runs a command.</summary>
    /// <param name="command">One line.</param>
    /// <param name="limit">How long it may be silent; a minute by default.</param>
    /// <returns>What it wrote, without the last line end.</returns>
    public async Task<string> RunAsync(string command, TimeSpan? limit = null)
    {
        string number = (++commands).ToString(CultureInfo.InvariantCulture);
        await SendAsync($"{command}; echo =\"={number}=\"");
        string output = await ReadUntilAsync($"=={number}=", limit);
        return output.ReplaceLineEndings("\n").Trim();
    }

    private Task SendAsync(string line) => port.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"), CancellationToken.None).AsTask();

    private async Task<string> ReadUntilAsync(string end, TimeSpan? limit = null)
    {
        int at;
        while ((at = received.IndexOf(end, StringComparison.Ordinal)) < 0)
        {
            int count = await Wait.UntilAsync(
                port.ReadAsync(buffer, CancellationToken.None).AsTask(), $"'{end}' on COM1 after '{received}'", limit ?? Limit);
            Assert.That(count, Is.Not.Zero, "the line ended");
            received += Encoding.UTF8.GetString(buffer, 0, count);
        }

        string before = received[..at];
        received = received[(at + end.Length)..];
        return before;
    }
}
