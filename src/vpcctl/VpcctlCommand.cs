using System.CommandLine;
using System.CommandLine.Help;
using VpcComApi.CommandLine.Commands;
using VpcComApi.CommandLine.Commands.Disks;

namespace VpcComApi.CommandLine;

/// <summary>The whole command line.</summary>
internal sealed class VpcctlCommand : RootCommand
{
    /// <param name="services">What the commands work with.</param>
    public VpcctlCommand(CommandServices services)
        : base("Runs virtual machines and opens channels to programs in their guests.")
    {
        // One short form is enough: the others only crowd the shell's completion.
        ICollection<string> helpForms = Options.OfType<HelpOption>().Single().Aliases;
        helpForms.Clear();
        helpForms.Add("-h");

        Add(new ListCommand(services));
        Add(new StateCommand(services));
        Add(new UpCommand(services));
        Add(new StartCommand(services));
        Add(new StopCommand(services));
        Add(new SaveCommand(services));
        Add(new PauseCommand(services));
        Add(new ResumeCommand(services));
        Add(new ResetCommand(services));
        Add(new DiscardCommand(services));
        Add(new CreateCommand(services));
        Add(new ConfigCommand(services));
        Add(new RegisterCommand(services));
        Add(new RemoveCommand(services));
        Add(new ChannelCommand(services));
        Add(new ChannelsCommand(services));
        Add(new DevicesCommand(services));
        Add(new ScreenshotCommand(services));
        Add(new TypeCommand(services));
        Add(new DiskCommand(services));
        Add(new LogCommand(services));
        Add(new CompletionCommand(services));
        Add(new HostCommand(services));
    }
}
