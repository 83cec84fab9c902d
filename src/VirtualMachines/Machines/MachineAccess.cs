using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.Guests;
using VpcComApi.VirtualMachines.Providers;
using VpcComApi.VirtualMachines.Tasks;

namespace VpcComApi.VirtualMachines.Machines;

/// <summary>The one way in which a guest's operating system and a peripheral reach their machine.</summary>
/// <param name="context">What the machine's parts share.</param>
/// <param name="power">The machine's state.</param>
internal sealed class MachineAccess(MachineContext context, MachinePower power) : IMachineAccess
{
    /// <inheritdoc/>
    public string Name => context.Name;

    /// <inheritdoc/>
    public MachineState State => power.State;

    /// <inheritdoc/>
    public IRunningMachine? RunningMachine => power.Run?.Machine;

    /// <inheritdoc/>
    public GuestSession? GuestSession => power.Session;

    /// <inheritdoc/>
    public Task<MachineState> RunEnded => power.Run?.Finished ?? Task.FromResult(State);

    /// <inheritdoc/>
    public IValueStore ConfigurationValues => context.Machine.ConfigurationValues;

    /// <inheritdoc/>
    public TimeProvider TimeProvider => context.Host.TimeProvider;

    /// <inheritdoc/>
    public string IntegrationMediaFolder => context.Host.IntegrationMediaFolder;

    /// <inheritdoc/>
    public void RequireRegistered() => context.RequireRegistered();

    /// <inheritdoc/>
    public MachineTask StartTask(string description, Func<CancellationToken, Task> work)
    {
        RequireRegistered();
        return context.Host.TaskList.Start(description, cancelable: false, (_, token) => work(token));
    }

    /// <inheritdoc/>
    public void InsertIntegrationDisc(IntegrationDisc disc)
    {
        IReadOnlyList<DvdDrive> drives = context.Machine.DvdDrives;
        DvdDrive? drive = drives.FirstOrDefault(candidate => IsIntegrationMedia(candidate.Medium));
        if (drive is not null)
        {
            ReleaseIntegrationMedia(drive);
        }

        drive ??= drives.FirstOrDefault(candidate => candidate.Medium is null)
            ?? throw new VirtualMachineException(
                VirtualMachineError.DriveInvalid,
                $"The machine '{Name}' has no empty DVD drive for the disc of the integration components. "
                    + "Release what is in one, or add one while it is off.");
        drive.AttachImage(disc.Path);
    }

    private bool IsIntegrationMedia(MachineMedium? medium) => medium is { IsHostDrive: false }
        && PathRules.FileNameComparer.Equals(Path.GetDirectoryName(medium.Name), Path.TrimEndingDirectorySeparator(IntegrationMediaFolder));

    private void ReleaseIntegrationMedia(DvdDrive drive)
    {
        try
        {
            drive.ReleaseImage();
        }
        catch (VirtualMachineException e) when (e.Error != VirtualMachineError.MediaWrongType)
        {
            throw new VirtualMachineException(
                VirtualMachineError.MediaUnmountFailed,
                $"The disc in the DVD drive {drive.Position} of the machine '{Name}' could not be taken out. {e.Message}", e);
        }
        catch (VirtualMachineException)
        {
            // Somebody else has taken it out meanwhile.
        }
    }
}
