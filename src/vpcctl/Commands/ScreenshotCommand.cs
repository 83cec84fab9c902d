using System.CommandLine;
using System.Globalization;
using VpcComApi.CommandLine.Machines;
using VpcComApi.CommandLine.Output;
using VpcComApi.Platform.Output;

namespace VpcComApi.CommandLine.Commands;

/// <summary>Writes what a machine's display shows to a file.</summary>
internal sealed class ScreenshotCommand : MachinesCommand
{
    private readonly Argument<string> name;
    private readonly Option<string?> file = new("--out")
    {
        Description = "The PNG file to write; an existing one is replaced. NAME.png in the current folder by default.",
        HelpName = "FILE",
    };

    /// <inheritdoc cref="MachinesCommand(string, string, CommandServices)"/>
    public ScreenshotCommand(CommandServices services)
        : base("screenshot", "Write what a machine's display shows to a PNG file.", services)
    {
        name = CommonSymbols.MachineName(services);
        Add(name);
        Add(file);
    }

    /// <inheritdoc/>
    protected override async Task RunAsync(ParseResult line, IMachines machines, CancellationToken cancellationToken)
    {
        string machine = line.GetRequiredValue(name);
        string path = Path.GetFullPath(line.GetValue(file) ?? machine + ".png");
        ScreenPicture picture = await machines.CaptureScreenAsync(machine, cancellationToken);
        try
        {
            await File.WriteAllBytesAsync(path, picture.Png, cancellationToken);
        }
        catch (IOException e) when (StandardOutputStream.IsReaderGone(e))
        {
            // A pipe was named, /dev/stdout say.
            Terminal.Loss.Report(e);
            return;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(
                ExitCode.Failed, $"The picture could not be written to {path}: {e.Message} Choose another file with --out.", e);
        }

        Terminal.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{path}: {picture.Width} x {picture.Height} pixels."));
    }
}
