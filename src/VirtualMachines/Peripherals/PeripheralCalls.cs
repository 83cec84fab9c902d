using VpcComApi.VirtualMachines.Guests;
using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.VirtualMachines.Peripherals;

/// <summary>What all peripherals do before and while they ask a provider's device for something.</summary>
internal static class PeripheralCalls
{
    /// <summary>
    /// How long a device may take for one call. A paused guest does not empty its keyboard's buffer, so a full one ends here.
    /// </summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>Refuses what the machine's state does not allow.</summary>
    /// <param name="owner">The machine.</param>
    /// <param name="operation">What is wanted.</param>
    /// <returns>The running machine.</returns>
    /// <exception cref="VirtualMachineException">
    /// The refusal of <see cref="StateRules"/>, or the machine is no longer registered.
    /// </exception>
    public static IRunningMachine Demand(this IMachineAccess owner, MachineOperation operation)
    {
        owner.RequireRegistered();
        StateRules.Demand(operation, owner.State, owner.Name);
        return owner.RunningMachine ?? throw new VirtualMachineException(
            VirtualMachineError.MachineNotRunning, $"The machine '{owner.Name}' has stopped. Start it first.");
    }

    /// <summary>Refuses what the machine's state does not allow, and what its provider cannot do.</summary>
    /// <param name="owner">The machine.</param>
    /// <param name="operation">What is wanted.</param>
    /// <param name="capability">What the machine must be able to do for it.</param>
    /// <returns>The running machine.</returns>
    /// <exception cref="VirtualMachineException">
    /// The refusal of <see cref="StateRules"/> or <see cref="CapabilityRules"/>, or the machine is no longer registered.
    /// </exception>
    public static IRunningMachine Demand(this IMachineAccess owner, MachineOperation operation, MachineCapabilities capability)
    {
        IRunningMachine machine = owner.Demand(operation);
        machine.Demand(capability, owner.Name);
        return machine;
    }

    /// <summary>Refuses when the guest service is not up.</summary>
    /// <param name="owner">The machine.</param>
    /// <exception cref="VirtualMachineException"><see cref="VirtualMachineError.IntegrationFeatureNotAvailable"/>.</exception>
    public static GuestConnection DemandGuest(this IMachineAccess owner) =>
        owner.GuestSession?.Connection ?? throw new VirtualMachineException(
            VirtualMachineError.IntegrationFeatureNotAvailable,
            $"The guest service of the machine '{owner.Name}' is not up. Wait for it, or install the integration components in the guest.");

    /// <summary>Asks a device for something, for a limited time.</summary>
    /// <typeparam name="T">What is asked for.</typeparam>
    /// <param name="owner">The machine.</param>
    /// <param name="what">What is asked, for texts: "show its display".</param>
    /// <param name="call">Asks.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="VirtualMachineException">The device failed or did not answer in time, or the machine has ended.</exception>
    public static async Task<T> CallAsync<T>(
        this IMachineAccess owner, string what, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = new(Limit, owner.TimeProvider);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await call(either.Token).WaitAsync(either.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new VirtualMachineException(
                VirtualMachineError.TimedOut,
                $"The machine '{owner.Name}' did not {what} within {Limit.TotalSeconds:0} s. Is it paused?", e);
        }
        catch (Exception e) when (e is not (VirtualMachineException or OperationCanceledException or OutOfMemoryException))
        {
            throw new VirtualMachineException(
                VirtualMachineError.ProviderFailed, $"The machine '{owner.Name}' could not {what}: {e.Message}", e);
        }
    }

    /// <inheritdoc cref="CallAsync{T}(IMachineAccess, string, Func{CancellationToken, Task{T}}, CancellationToken)"/>
    public static Task CallAsync(
        this IMachineAccess owner, string what, Func<CancellationToken, Task> call, CancellationToken cancellationToken) =>
        owner.CallAsync(
            what,
            async token =>
            {
                await call(token);
                return true;
            },
            cancellationToken);
}
