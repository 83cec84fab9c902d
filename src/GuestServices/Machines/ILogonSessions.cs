namespace VpcComApi.GuestServices.Machines;

/// <summary>Who is logged on to the guest.</summary>
internal interface ILogonSessions
{
    /// <summary>Whether a user is logged on in a session of a kind.</summary>
    /// <param name="kind">The kind.</param>
    bool IsUserLoggedOn(LogonSessionKind kind);

    /// <summary>Refuses when nobody is logged on.</summary>
    /// <exception cref="RequestRefusedException">Why.</exception>
    void CheckLogoff();

    /// <summary>Logs every user off.</summary>
    void LogoffAll();
}
