using System.CommandLine;
using VpcComApi.CommandLine.Disks;
using VpcComApi.CommandLine.Output;
using VpcComApi.VirtualMachines;
using VpcComApi.VirtualMachines.Tasks;

namespace VpcComApi.CommandLine.Commands.Disks;

/// <summary>
/// A command that makes or changes disk images. The domain does it, in this process: it goes on for as long as the command does, and
/// refuses what machines in other processes are using by the locks that those hold.
/// </summary>
internal abstract class DiskChangeCommand : Command
{
    /// <summary>How often the bar moves.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    private readonly CommandServices services;
    private readonly Option<bool> json = CommonSymbols.Json();

    /// <param name="name">The command.</param>
    /// <param name="description">What it does.</param>
    /// <param name="services">What it works with.</param>
    protected DiskChangeCommand(string name, string description, CommandServices services)
        : base(name, description)
    {
        this.services = services;
        Add(json);
        SetAction(InvokeAsync);
    }

    /// <summary>Does it.</summary>
    /// <param name="line">The command line.</param>
    /// <param name="disks">The domain.</param>
    /// <returns>The images that were made or changed, and what is said of each.</returns>
    protected abstract Task<IReadOnlyList<(string File, string Text)>> RunAsync(ParseResult line, VirtualMachineHost disks);

    /// <summary>
    /// Shows a task until it has ended. Ctrl-C cancels it, and it is waited for: what it was making is gone when the command ends.
    /// </summary>
    /// <param name="task">The task.</param>
    /// <exception cref="CommandException">It was cancelled.</exception>
    /// <exception cref="VirtualMachineException">It failed.</exception>
    protected async Task CompleteAsync(MachineTask task)
    {
        using CancellationTokenRegistration cancelling = services.Interruption.Requested.Register(() => Cancel(task));
        await ProgressDisplay.ShowAsync(services.Terminal, task.Description, async report =>
        {
            while (!task.IsComplete)
            {
                report(task.PercentCompleted);
                await Task.WhenAny(task.Completion, Task.Delay(Step));
            }

            report(task.PercentCompleted);
        });
        if (task.Error is { } error)
        {
            throw task.Result == MachineTaskResult.Cancelled ? new CommandException(ExitCode.Interrupted, error.Message, error) : error;
        }
    }

    /// <summary>What a file's length is, for a person.</summary>
    protected static string LengthOf(string file) => Tables.OfBytes(new FileInfo(file).Length);

    private static void Cancel(MachineTask task)
    {
        try
        {
            task.Cancel();
        }
        catch (VirtualMachineException)
        {
            // It has just ended.
        }
    }

    private async Task<int> InvokeAsync(ParseResult line, CancellationToken cancellationToken)
    {
        IReadOnlyList<(string File, string Text)> changed;
        await using (VirtualMachineHost disks = services.OpenDisks())
        {
            changed = await RunAsync(line, disks);
        }

        if (line.GetValue(json))
        {
            services.Terminal.WriteJson([.. changed.Select(disk => DiskSummary.Read(disk.File))], JsonOutput.Context.DiskSummaryArray);
        }
        else
        {
            foreach ((_, string text) in changed)
            {
                services.Terminal.WriteLine(text);
            }
        }

        return (int)ExitCode.Done;
    }
}
