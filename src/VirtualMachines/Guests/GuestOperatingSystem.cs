using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.Tasks;
using VpcComApi.VpcBus.Integration;

namespace VpcComApi.VirtualMachines.Guests;

/// <summary>
/// The operating system in a machine, as its guest service reports it. A guest is untrusted: every text is bounded, and every answer has a
/// time limit.
/// </summary>
/// <remarks>
/// Unless a member says otherwise it fails with <see cref="VirtualMachineError.MachineUnknown"/> when the machine is no longer registered,
/// with <see cref="VirtualMachineError.MachineNotRunning"/> when it is off, and with
/// <see cref="VirtualMachineError.IntegrationFeatureNotAvailable"/> while its guest service is not up or lacks the feature.
/// </remarks>
public sealed class GuestOperatingSystem
{
    /// <summary>The sessions that can be asked for: 0 seamless application, 1 remote desktop.</summary>
    private const int HighestSession = 1;

    private readonly IMachineAccess owner;

    internal GuestOperatingSystem(IMachineAccess owner) => this.owner = owner;

    /// <summary>
    /// Ticks received in the last minute, in percent of those expected. Time in which the machine is paused does not count.
    /// </summary>
    /// <exception cref="VirtualMachineException">
    /// <see cref="VirtualMachineError.IntegrationComponentsNotAvailable"/>: the guest has not booted far enough.
    /// </exception>
    public int HeartbeatPercentage => DemandHeart().HeartbeatPercentage;

    /// <summary>Whether ticks arrive.</summary>
    /// <exception cref="VirtualMachineException">
    /// <see cref="VirtualMachineError.IntegrationComponentsNotAvailable"/>: the guest has not booted far enough.
    /// </exception>
    public bool IsHeartbeating => DemandHeart().IsHeartbeating;

    /// <summary>
    /// Whether the guest can be shut down now, or null when the machine is off. One that ends already by an earlier request cannot.
    /// </summary>
    public bool? CanShutdown
    {
        get
        {
            owner.RequireRegistered();
            return StateRules.Refusal(MachineOperation.ReadGuest, owner.State) is not null
                ? null
                : owner.State == MachineState.Running
                    && owner.GuestSession is { End.IsUnderWay: false } session
                        && session.Connection?.Can(IntegrationCapabilities.Shutdown) == true;
        }
    }

    /// <summary>The version of the integration components that were last seen in the guest. The machine need not run.</summary>
    /// <exception cref="VirtualMachineException">
    /// <see cref="VirtualMachineError.IntegrationComponentsNotAvailable"/>: none were seen yet, or they were removed.
    /// </exception>
    public string IntegrationComponentsVersion
    {
        get
        {
            owner.RequireRegistered();
            if (owner.GuestSession?.Connection is { HasRemovedComponents: false } guest)
            {
                return guest.ComponentsVersion;
            }

            return owner.ConfigurationValues.TryGetValue(ConfigurationKeys.ComponentsVersion, out object? value) && value is string version
                ? version
                : throw new VirtualMachineException(
                    VirtualMachineError.IntegrationComponentsNotAvailable,
                    $"No integration components have been seen in the machine '{owner.Name}' yet, or they were removed. "
                        + "Install them, and wait for them.");
        }
    }

    /// <summary>What the running guest says of itself.</summary>
    public GuestFacts Facts
    {
        get
        {
            Demand(MachineOperation.ReadGuest);
            return DemandGuest().Facts;
        }
    }

    /// <summary>Whether the guest's clock follows the host's; true unless set otherwise. Set only while the machine is off.</summary>
    public bool IsHostTimeSyncEnabled
    {
        get
        {
            owner.RequireRegistered();
            return !owner.ConfigurationValues.TryGetValue(ConfigurationKeys.HostTimeSync, out object? value) || value is not false;
        }

        set
        {
            Demand(MachineOperation.ChangeLockedSetting);
            owner.ConfigurationValues.SetValue(ConfigurationKeys.HostTimeSync, value);
        }
    }

    /// <summary>
    /// By how much the guest's clock was ahead of the host's when they were compared last, up to a minute ago; negative when it was behind,
    /// null when the guest does not let its clock be compared or has not answered yet. A clock that follows the host's has been set since.
    /// </summary>
    public TimeSpan? ClockOffset
    {
        get
        {
            Demand(MachineOperation.ReadGuest);
            return DemandGuest().ClockOffset;
        }
    }

    /// <summary>
    /// Puts the newest disc of the integration components into an empty DVD drive of the machine, for its guest to install them from.
    /// Nothing is done when the guest has components that are as new.
    /// </summary>
    /// <exception cref="VirtualMachineException">
    /// <see cref="VirtualMachineError.FileNotFound"/>: there is no such disc; <see cref="VirtualMachineError.DriveInvalid"/>: no DVD drive
    /// is empty; <see cref="VirtualMachineError.MediaUnmountFailed"/>: an older disc of them could not be taken out.
    /// </exception>
    public void InstallIntegrationComponents()
    {
        Demand(MachineOperation.ReadGuest);
        IntegrationDisc? disc = IntegrationDisc.FindNewest(owner.IntegrationMediaFolder);
        if (owner.GuestSession?.Connection is { HasRemovedComponents: false } guest && disc?.IsNewerThan(guest.ComponentsVersion) != true)
        {
            return;
        }

        if (disc is null)
        {
            throw new VirtualMachineException(
                VirtualMachineError.FileNotFound,
                $"The integration components are not up in the machine '{owner.Name}', and there is no disc of them (vmsrvc-VERSION.iso in "
                    + $"'{owner.IntegrationMediaFolder}').");
        }

        owner.InsertIntegrationDisc(disc);
    }

    /// <summary>
    /// Shuts the guest down through its guest service. The task ends when the machine is off: whoever waits for it finds it so. It fails
    /// when the guest refuses, comes up again instead (<see cref="VirtualMachineError.ShutdownAborted"/>), or has not powered off ten
    /// minutes after it began (<see cref="VirtualMachineError.TimedOut"/>). While the guest ends by an earlier request the task fails with
    /// <see cref="VirtualMachineError.ShutdownInProgress"/>.
    /// </summary>
    /// <param name="forced">Whether programs may be ended and a locked screen is no hindrance.</param>
    public MachineTask Shutdown(bool forced)
    {
        const string What = "shut down";
        Task<MachineState> off = owner.RunEnded;
        return StartEnd(
            What,
            id => Request.Shutdown(id, forced, restart: false),
            (session, guest, cancellationToken) => WaitForPowerOffAsync(session, guest, off, cancellationToken));
    }

    /// <summary>
    /// Restarts the guest through its guest service. The task ends when the guest has begun. While the guest ends by an earlier request it
    /// fails with <see cref="VirtualMachineError.ShutdownInProgress"/>.
    /// </summary>
    /// <param name="forced">Whether programs may be ended and a locked screen is no hindrance.</param>
    public MachineTask Restart(bool forced) =>
        StartEnd("restart", id => Request.Shutdown(id, forced, restart: true), (_, _, _) => Task.CompletedTask);

    /// <summary>
    /// Logs every user off. The task ends when the guest has begun. While the guest ends by an earlier request, which logs them off anyway,
    /// it fails with <see cref="VirtualMachineError.NobodyLoggedOn"/>.
    /// </summary>
    public MachineTask Logoff()
    {
        const string What = "log its users off";
        Demand(MachineOperation.ControlGuest);
        if (owner.GuestSession is { End.IsUnderWay: true })
        {
            return Refused(
                What, VirtualMachineError.NobodyLoggedOn,
                $"The guest of the machine '{owner.Name}' is ending already, and its users are logged off with that.");
        }

        GuestConnection guest = DemandGuest(IntegrationCapabilities.Logoff);
        Task<Response> asking = guest.AskAsync(id => new Request(id, IntegrationOperations.Logoff), What, CancellationToken.None);
        return owner.StartTask(Describe(What), asking.WaitAsync);
    }

    /// <summary>Reads a parameter that the guest keeps.</summary>
    /// <param name="name">1 to 255 characters without a backslash.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The value; empty when the guest has no such parameter.</returns>
    /// <exception cref="VirtualMachineException">
    /// <see cref="VirtualMachineError.InvalidArgument"/>, <see cref="VirtualMachineError.MachinePaused"/>,
    /// <see cref="VirtualMachineError.TimedOut"/>.
    /// </exception>
    public async Task<string> GetParameterAsync(string? name, CancellationToken cancellationToken)
    {
        string checkedName = CheckParameterName(name);
        GuestConnection guest = DemandAnswers(IntegrationCapabilities.Parameters);
        Response answer = await guest.AskAsync(
            id => Request.GetParameter(id, checkedName), $"give the parameter '{checkedName}'", cancellationToken);
        return answer.Value ?? string.Empty;
    }

    /// <summary>Writes a parameter that the guest keeps.</summary>
    /// <param name="name">1 to 255 characters without a backslash.</param>
    /// <param name="value">The value; null counts as empty, as it does in COM.</param>
    /// <param name="cancellationToken">Ends the wait; the guest may have written it all the same.</param>
    /// <exception cref="VirtualMachineException">
    /// <see cref="VirtualMachineError.InvalidArgument"/>: the name is malformed, or the value too long for one message to the guest;
    /// <see cref="VirtualMachineError.MachinePaused"/>, <see cref="VirtualMachineError.TimedOut"/>.
    /// </exception>
    public async Task SetParameterAsync(string? name, string? value, CancellationToken cancellationToken)
    {
        string checkedName = CheckParameterName(name);
        GuestConnection guest = DemandAnswers(IntegrationCapabilities.Parameters);
        await guest.AskAsync(
            id => Request.SetParameter(id, checkedName, value ?? string.Empty), $"keep the parameter '{checkedName}'", cancellationToken);
    }

    /// <summary>Whether a user is logged on: 0 in a seamless-application session, 1 in a remote desktop session.</summary>
    /// <param name="session">0 or 1.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="VirtualMachineException">
    /// <see cref="VirtualMachineError.InvalidArgument"/>, <see cref="VirtualMachineError.MachinePaused"/>,
    /// <see cref="VirtualMachineError.TimedOut"/>.
    /// </exception>
    public async Task<bool> IsUserLoggedOnAsync(int session, CancellationToken cancellationToken)
    {
        if (session is < 0 or > HighestSession)
        {
            throw new VirtualMachineException(
                VirtualMachineError.InvalidArgument,
                $"{session} is no kind of session. Ask for 0, a seamless-application session, or 1, a remote desktop session.");
        }

        GuestConnection guest = DemandAnswers(IntegrationCapabilities.Sessions);
        Response answer = await guest.AskAsync(
            id => new Request(
                id,
                IntegrationOperations.IsUserLoggedOn,
                new Dictionary<string, string> { [IntegrationOperations.SessionArgument] = session == 0 ? "0" : "1" }),
            "say whether a user is logged on",
            cancellationToken);
        return answer.Value == "true";
    }

    /// <summary>The guest's integration devices: each bus channel of a communication channel is one.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="VirtualMachineException">
    /// <see cref="VirtualMachineError.MachinePaused"/>, <see cref="VirtualMachineError.TimedOut"/>.
    /// </exception>
    public async Task<IReadOnlyList<IntegrationDevice>> GetIntegrationDevicesAsync(CancellationToken cancellationToken)
    {
        GuestConnection guest = DemandAnswers(IntegrationCapabilities.Devices);
        Response answer = await guest.AskAsync(
            id => new Request(id, IntegrationOperations.ListDevices), "list its integration devices", cancellationToken);
        return guest.ReadDevices(answer.Value);
    }

    private static string CheckParameterName(string? name) =>
        name is { Length: >= 1 and <= IntegrationProtocol.MaxParameterNameLength } && !name.Contains('\\')
            ? name
            : throw new VirtualMachineException(
                VirtualMachineError.InvalidArgument,
                $"The name of a guest parameter has 1 to {IntegrationProtocol.MaxParameterNameLength} characters and no backslash.");

    /// <summary>The guest has begun to shut down: waits until the machine is off.</summary>
    private async Task WaitForPowerOffAsync(
        GuestSession session, GuestConnection guest, Task<MachineState> off, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = session.NewLimit(LifecycleLimits.GuestShutdown);
        using CancellationTokenSource waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        Task successor = session.WaitForSuccessorAsync(guest, waiting.Token);
        Task first = await Task.WhenAny(off, successor);
        await waiting.CancelAsync();
        await successor.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        if (first == successor && successor.IsCanceled)
        {
            throw new VirtualMachineException(
                VirtualMachineError.TimedOut,
                $"The guest of the machine '{owner.Name}' began to shut down and was not off after "
                    + $"{LifecycleLimits.GuestShutdown.TotalMinutes:0} minutes.");
        }

        // A session that has ended leaves its machine to show it.
        if ((first == successor && successor.IsCompletedSuccessfully) || await off != MachineState.TurnedOff)
        {
            throw new VirtualMachineException(
                VirtualMachineError.ShutdownAborted,
                $"The machine '{owner.Name}' was to be shut down, and was restarted, reset or saved instead.");
        }
    }

    private void Demand(MachineOperation operation)
    {
        owner.RequireRegistered();
        StateRules.Demand(operation, owner.State, owner.Name);
    }

    private GuestSession DemandHeart()
    {
        Demand(MachineOperation.ReadGuest);
        return owner.GuestSession is { IsReady: true } session
            ? session
            : throw new VirtualMachineException(
                VirtualMachineError.IntegrationComponentsNotAvailable,
                $"The guest of the machine '{owner.Name}' has not booted far enough, or its integration components are missing. "
                    + "Wait for its guest service.");
    }

    private GuestConnection DemandGuest(string? capability = null)
    {
        GuestConnection guest = owner.GuestSession?.Connection ?? throw NotUp();

        return capability is null || guest.Can(capability)
            ? guest
            : throw new VirtualMachineException(
                VirtualMachineError.IntegrationFeatureNotAvailable,
                $"The integration components in the machine '{owner.Name}' lack the feature '{capability}', or it is off.");
    }

    private GuestConnection DemandAnswers(string capability)
    {
        Demand(MachineOperation.AskGuest);
        return DemandGuest(capability);
    }

    /// <summary>
    /// Starts what ends the guest, unless the guest ends already: of two callers the first has what it asked for, however quickly the other
    /// follows.
    /// </summary>
    private MachineTask StartEnd(
        string what, Func<long, Request> compose, Func<GuestSession, GuestConnection, CancellationToken, Task> finish)
    {
        Demand(MachineOperation.ControlGuest);
        GuestSession session = owner.GuestSession ?? throw NotUp();
        GuestConnection? guest = session.End.IsUnderWay ? null : DemandGuest(IntegrationCapabilities.Shutdown);
        if (guest is null || !session.End.TryBegin())
        {
            return Refused(
                what,
                VirtualMachineError.ShutdownInProgress,
                $"The guest of the machine '{owner.Name}' is ending already, by an earlier request to shut down or to restart. "
                    + "Wait until it is off or up again.");
        }

        // Asked here and not in the task, so that the guest gets requests in the order of the calls.
        Task asking = AskToEndAsync(session, guest, compose, what);
        return owner.StartTask(Describe(what), async cancellationToken =>
        {
            await asking.WaitAsync(cancellationToken);
            await finish(session, guest, cancellationToken);
        });
    }

    private MachineTask Refused(string what, VirtualMachineError error, string text) =>
        owner.StartTask(Describe(what), _ => Task.FromException(new VirtualMachineException(error, text)));

    /// <summary>Asks the guest to end. One that does not is free for the next request.</summary>
    private static async Task AskToEndAsync(GuestSession session, GuestConnection guest, Func<long, Request> compose, string what)
    {
        try
        {
            await guest.AskAsync(compose, what, CancellationToken.None);
        }
        catch
        {
            session.End.Clear();
            throw;
        }
    }

    private string Describe(string what) => $"Asking the guest of '{owner.Name}' to {what}";

    private VirtualMachineException NotUp() => new(
        VirtualMachineError.IntegrationFeatureNotAvailable,
        $"The guest service of the machine '{owner.Name}' is not up. Wait for it, or install the integration components in the guest.");
}
