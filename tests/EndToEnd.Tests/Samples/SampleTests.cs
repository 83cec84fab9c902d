using VpcComApi.TestSupport;

namespace VpcComApi.EndToEnd.Tests.Samples;

/// <summary>The article's three ideas, natively, from program to program.</summary>
[TestFixture]
[Platform(Exclude = "Win", Reason = "On Windows vpcctl uses a registered vpc.exe; these tests need processes of their own.")]
internal sealed class SampleTests
{
    [Test]
    public async Task The_guest_monitor_shows_disks_and_health_of_the_guest()
    {
        await using NativeChain chain = await NativeChain.StartAsync(port =>
            SampleProgram.Start("guest-monitor", "GuestMonitor.Guest", $"{port}", "1"));

        ProgramResult shown = await SampleProgram.RunAsync("guest-monitor", "GuestMonitor.Host", chain.Pipe, "2");

        Assert.That(shown.ExitCode, Is.Zero, shown.ToString());
        Assert.That(
            shown.OutputLines.Count(line => line.StartsWith("Guest at 2", StringComparison.Ordinal)), Is.EqualTo(2), shown.ToString());
        Assert.That(shown.Output, Does.Match(@"  disk /: \d+ of \d+ MiB free\n  health: "));
    }

    [Test]
    public async Task A_remote_command_runs_in_the_guest_and_its_output_and_exit_code_come_back()
    {
        await using NativeChain chain = await NativeChain.StartAsync(port =>
            SampleProgram.Start("remote-command", "RemoteCommand.Guest", $"{port}"));

        ProgramResult shown = await SampleProgram.RunAsync(
            "remote-command", "RemoteCommand.Host", chain.Pipe, "echo one; echo; echo two >&2; exit 42");

        Assert.That(shown.Output, Is.EqualTo("one\n\n[exit code 42]\n"), shown.ToString());
        Assert.That(shown.Error, Is.EqualTo("two\n"));
        Assert.That(shown.ExitCode, Is.EqualTo(42));
    }

    [Test]
    public async Task A_typed_line_longer_than_the_channels_lines_comes_back_whole_in_pieces()
    {
        await using NativeChain chain = await NativeChain.StartAsync(port =>
            SampleProgram.Start("remote-command", "RemoteCommand.Guest", $"{port}"));
        await using RunningProgram host = SampleProgram.Start("remote-command", "RemoteCommand.Host", chain.Pipe);

        ProgramResult shown = await host.FinishAsync("printf 'y%.0s' $(seq 10000)\necho done\n");

        Assert.That(shown.Output.Count(letter => letter == 'y'), Is.EqualTo(10_000), shown.ToString());
        Assert.That(shown.Output, Does.Contain("done\n[exit code 0]\n"));
    }

    [Test]
    public async Task A_document_printed_in_the_guest_is_spooled_on_the_host_and_leaves_the_guests_printer()
    {
        using TestDirectory folders = new();
        string printer = folders.PathOf("printer");
        byte[] content = [.. Enumerable.Range(0, 300_000).Select(number => (byte)number)];
        await using NativeChain chain = await NativeChain.StartAsync(port =>
            SampleProgram.Start("print-redirect", "PrintRedirect.Guest", printer, $"{port}"));
        await using RunningProgram host = SampleProgram.Start(
            "print-redirect", "PrintRedirect.Host", chain.Pipe, folders.PathOf("spool"), "2");

        Print("a letter.txt", content);
        await host.WaitForOutputAsync("Spooled: 0001-a_letter.txt, 300000 bytes");
        Print("empty", []);
        ProgramResult spooled = await host.FinishAsync();

        Assert.That(spooled.ExitCode, Is.Zero, spooled.ToString());
        Assert.That(File.ReadAllBytes(folders.PathOf("spool", "0001-a_letter.txt")), Is.EqualTo(content));
        Assert.That(File.ReadAllBytes(folders.PathOf("spool", "0002-empty")), Is.Empty);
        await chain.Guest.WaitForOutputAsync("Printed: empty");
        Assert.That(Directory.EnumerateFiles(printer), Is.Empty);

        void Print(string name, byte[] document)
        {
            string unfinished = Path.Combine(printer, name + ".part");
            File.WriteAllBytes(unfinished, document);
            File.Move(unfinished, Path.Combine(printer, name));
        }
    }
}
