using Spectre.Console;
using VpcComApi.CommandLine.Machines;
using VpcComApi.EventLogging;
using VpcComApi.VirtualMachines;
using VpcComApi.VirtualMachines.Machines;

namespace VpcComApi.CommandLine.Output;

/// <summary>Waits for an operation, and shows a bar on a terminal while it does.</summary>
/// <param name="terminal">Where the bar is shown.</param>
/// <param name="machines">Where the operation runs.</param>
internal sealed class ProgressDisplay(Terminal terminal, IMachines machines)
{
    private const int Complete = 100;

    /// <summary>How often the bar moves.</summary>
    private const int StepMilliseconds = 100;

    /// <summary>Waits until an operation has ended, and shows nothing.</summary>
    /// <param name="machines">Where it runs.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="report">Hears how far it is, 0 to 100.</param>
    /// <param name="cancellationToken">Ends the wait, not the operation.</param>
    /// <exception cref="VirtualMachineException">The operation failed.</exception>
    public static async Task WaitAsync(
        IMachines machines, OperationProgress operation, Action<int> report, CancellationToken cancellationToken)
    {
        OperationProgress now = operation;
        while (!now.IsComplete)
        {
            report(now.Percent);
            now = await machines.WaitForOperationAsync(operation.Operation, StepMilliseconds, cancellationToken);
        }

        if (now.Error is { } error)
        {
            throw new VirtualMachineException(error, now.ErrorText ?? $"{now.Description} failed.");
        }

        report(Complete);
    }

    /// <summary>Waits until an operation has ended.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="cancellationToken">Ends the wait, not the operation.</param>
    /// <exception cref="VirtualMachineException">The operation failed.</exception>
    public Task ShowAsync(OperationProgress operation, CancellationToken cancellationToken) =>
        ShowAsync(terminal, operation.Description, report => WaitAsync(machines, operation, report, cancellationToken));

    /// <summary>Waits until a machine has started and its guest service is up.</summary>
    /// <param name="name">The machine.</param>
    /// <param name="operation">Its start.</param>
    /// <param name="cancellationToken">Ends the wait, not the start.</param>
    /// <exception cref="VirtualMachineException">The start failed.</exception>
    /// <exception cref="CommandException">The machine was paused, or ended, before its guest was up.</exception>
    public Task ShowStartAsync(string name, OperationProgress operation, CancellationToken cancellationToken) =>
        ShowAsync(terminal, operation.Description, async report =>
        {
            // Powering up is the first half, and booting, of which nobody knows how far it is, the second.
            await WaitAsync(machines, operation, percent => report(percent / 2), cancellationToken);
            while (!await IsReadyAsync(name, cancellationToken))
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            report(Complete);
        });

    /// <summary>Does some work, and shows a bar on a terminal while it does.</summary>
    /// <param name="terminal">Where the bar is shown.</param>
    /// <param name="description">What is being done, on what.</param>
    /// <param name="work">The work. What it gets hears how far it is, 0 to 100.</param>
    public static async Task ShowAsync(Terminal terminal, string description, Func<Action<int>, Task> work)
    {
        if (!terminal.ShowsProgress)
        {
            await work(_ => { });
            return;
        }

        await terminal.Error.Progress()
            .AutoClear(true)
            .Columns(new SpinnerColumn(), new TaskDescriptionColumn(), new ProgressBarColumn(), new ElapsedTimeColumn())
            .StartAsync(async context =>
            {
                ProgressTask bar = context.AddTask(Markup.Escape(VisibleText.Of(description)), maxValue: Complete);
                await work(percent => bar.Value = percent);
            });
    }

    /// <summary>Waits a moment for a machine's guest. A machine whose guest cannot come up as it now stands is not waited for.</summary>
    private async Task<bool> IsReadyAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            if (await machines.WaitUntilReadyAsync(name, StepMilliseconds, cancellationToken))
            {
                return true;
            }
        }
        catch (Exception e) when (Failure.IsOf(e, VirtualMachineError.MachineNotRunning))
        {
            throw new CommandException(ExitCode.MachineEnded, $"\"{name}\" ended before its guest was up. \"vpcctl log\" may say why.");
        }

        MachineDetails machine = await machines.GetAsync(name, cancellationToken);
        return machine is { State: MachineState.Paused, Ready: false }
            ? throw new CommandException(
                ExitCode.MachinePaused,
                machine.PauseReason == PauseReason.DiskFull
                    ? $"\"{name}\" is paused before its guest was up: the disk is full. "
                        + "Make room on the disk of its files and hard disks (\"vpcctl log\" names the"
                        + $" folder), then \"vpcctl resume\" lets it go on; it does not go on by itself."
                    : $"\"{name}\" was paused before its guest was up. \"vpcctl log\" may say why; \"vpcctl resume\" lets it go on.")
            : machine.Ready;
    }
}
