namespace VpcComApi.GuestServices.Machines;

/// <summary>The users that are logged on to the guest.</summary>
internal interface ILogonSessions
{
    /// <summary>Whether a user is logged on in a session of a kind.</summary>
    /// <param name="kind">The kind.</param>
    bool IsUserLoggedOn(LogonSessionKind kind);

    /// <summary>Throws if nobody is logged on.</summary>
    /// <exception cref="RequestRefusedException">The reason.</exception>
    void CheckLogoff();

    /// <summary>Logs every user off.</summary>
    void LogoffAll();
}
