namespace VpcComApi.VirtualMachines.Providers;

/// <summary>A provider's part in saving a machine: <see cref="MachineLifetime.SaveAsync"/> calls the steps in the right order.</summary>
public sealed record SaveSteps
{
    /// <summary>Stops the guest's processor. Not called when the machine is paused.</summary>
    public required Func<CancellationToken, Task> Stop { get; init; }

    /// <summary>Writes the state to the file, which is then there as a whole or not at all.</summary>
    public required Func<CancellationToken, Task> Write { get; init; }

    /// <summary>
    /// Called when the state could not be written: lets the guest's processor continue, unless <see cref="MachineLifetime.IsPaused"/> or
    /// the guest has ended meanwhile.
    /// </summary>
    public required Func<Task> Continue { get; init; }

    /// <summary>Ends what executes the guest, once the state has been written.</summary>
    public required Func<Task> PowerOff { get; init; }

    /// <summary>Writes the state. When that fails and the machine is not to end, the guest continues.</summary>
    /// <param name="isPaused">Whether the guest's processor is stopped.</param>
    /// <param name="isEnding">Whether the machine is to end.</param>
    /// <param name="cancellationToken">Gives up.</param>
    internal async Task WriteStateAsync(bool isPaused, Func<bool> isEnding, CancellationToken cancellationToken)
    {
        try
        {
            if (!isPaused)
            {
                // What is saved is one moment: what a client receives after it would be missing from the file.
                await Stop(cancellationToken);
            }

            await Write(cancellationToken);
        }
        catch when (!isEnding())
        {
            await TryContinueAsync();
            throw;
        }
    }

    /// <summary>Deletes the file of a machine that was turned off while it was saved. Never throws.</summary>
    /// <param name="path">The file.</param>
    internal static void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // That the machine was turned off is what the caller learns.
        }
    }

    private async Task TryContinueAsync()
    {
        try
        {
            await Continue();
        }
        catch (VirtualMachineException)
        {
            // The failure of the save is the one to report; a machine that does not continue has ended, or can be turned off.
        }
    }
}
