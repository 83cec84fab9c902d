using System.Text;
using System.Text.Json;
using VpcComApi.GuestServices.Facts;
using VpcComApi.GuestServices.Machines.Emulated;
using VpcComApi.GuestServices.Terminals;
using VpcComApi.VirtualMachines.Emulated.Board;

namespace VpcComApi.GuestServices.Tests.Terminals;

/// <summary>The commands of an emulated guest's console.</summary>
[TestFixture]
internal sealed class CommandShellTests
{
    /// <summary>A line that fills all 80 columns of the screen is followed by an empty row.</summary>
    private const int MaxColumns = 79;

    [Test]
    public async Task Each_line_of_the_help_fits_on_a_screen_of_80_columns()
    {
        using EmulatedBoard board = EmulatedBoard.PowerOn(new MemoryStream(DescribeBoard()), Stream.Null);
        TextScreen screen = new();
        EmulatedGuestMachine machine = new(board, screen, TimeProvider.System);
        CommandShell shell = new(board.Description, machine, OperatingSystemFacts.Create(), () => [], new PointingDevice(screen));
        RecordingTerminal terminal = new();

        await shell.ExecuteAsync("help", terminal, CancellationToken.None);

        string[] lines = terminal.Written.ToString().Split('\n');
        Assert.That(lines, Has.Length.GreaterThan(10));
        Assert.That(lines, Has.All.Length.LessThanOrEqualTo(MaxColumns));
        Assert.That(lines, Has.Length.LessThan(ScreenRows), "The help scrolls off the screen.");
    }

    /// <summary>Rows below the status line.</summary>
    private static int ScreenRows => (new TextScreen().Size.Height / BoardScreen.CellHeight) - 1;

    private static byte[] DescribeBoard()
    {
        BoardDescription description = new()
        {
            Bus = "unix:/nowhere",
            Key = string.Empty,
            MachineName = "Windows XP Mode",
            MemoryMegabytes = 512,
            Firmware = new BoardFirmware(Guid.Empty, string.Empty, string.Empty, string.Empty, "tag"),
            Parameters = new Dictionary<string, string>(),
        };
        return Encoding.UTF8.GetBytes(JsonSerializer.Serialize(description, BoardJson.Default.BoardDescription) + "\n");
    }

    private sealed class RecordingTerminal : ITerminal
    {
        public StringBuilder Written { get; } = new();

        public void Write(string text, byte color = TextColor.Normal) => Written.Append(text);

        public void Clear() => Written.Clear();
    }
}
