using VpcComApi.VpcBus.Integration;

namespace VpcComApi.GuestServices.Machines.Emulated;

/// <summary>The users that are logged on to an emulated guest, as set by its console's commands. None at power-on.</summary>
internal sealed class EmulatedSessions : ILogonSessions
{
    private readonly Lock sync = new();
    private readonly HashSet<LogonSessionKind> loggedOn = [];
    private bool isLocked;

    /// <summary>Whether the screen is locked.</summary>
    public bool IsLocked
    {
        get
        {
            lock (sync)
            {
                return isLocked;
            }
        }

        set
        {
            lock (sync)
            {
                isLocked = value;
            }
        }
    }

    /// <inheritdoc/>
    public bool IsUserLoggedOn(LogonSessionKind kind)
    {
        lock (sync)
        {
            return loggedOn.Contains(kind);
        }
    }

    /// <summary>A user logs on.</summary>
    /// <param name="kind">The kind of session.</param>
    public void LogOn(LogonSessionKind kind)
    {
        lock (sync)
        {
            loggedOn.Add(kind);
        }
    }

    /// <inheritdoc/>
    public void CheckLogoff()
    {
        lock (sync)
        {
            if (loggedOn.Count == 0)
            {
                throw new RequestRefusedException(IntegrationErrors.NoLogonSession, "Nobody is logged on to the guest.");
            }
        }
    }

    /// <inheritdoc/>
    public void LogoffAll()
    {
        lock (sync)
        {
            loggedOn.Clear();
        }
    }
}
