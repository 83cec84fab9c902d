namespace VpcComApi.ComServer.Security;

/// <summary>The permissions of the server, as SDDL.</summary>
/// <remarks>
/// The rights are COM's: 1 execute, 2 execute locally, 4 execute remotely, 8 activate locally, 16 activate remotely. No right here is
/// remote. The mandatory label admits callers of medium integrity and above, and so keeps sandboxed programs of the same user out.
/// </remarks>
internal static class CallPermissions
{
    private const string MediumIntegrity = "S:(ML;;NX;;;ME)";

    // COM_RIGHTS_EXECUTE | COM_RIGHTS_EXECUTE_LOCAL, and with COM_RIGHTS_ACTIVATE_LOCAL.
    private const string Call = "0x3";
    private const string CallAndActivate = "0xb";

    /// <summary>Permission to call a running server: its own user, and the system, whose activation service calls it.</summary>
    /// <param name="userSid">The user's security identifier, as text.</param>
    public static string ToCall(string userSid) => $"O:{userSid}G:{userSid}D:(A;;{Call};;;{userSid})(A;;{Call};;;SY){MediumIntegrity}";

    /// <summary>
    /// Permission to start a server, registered for all users: everybody who is logged on at this machine; each gets his own.
    /// </summary>
    public static string ToLaunch =>
        $"O:BAG:BAD:(A;;{CallAndActivate};;;IU)(A;;{CallAndActivate};;;SY)(A;;{CallAndActivate};;;BA){MediumIntegrity}";

    /// <summary>Permission to call that the registry states; the server itself then admits its own user alone.</summary>
    public static string ToCallByRegistry => $"O:BAG:BAD:(A;;{Call};;;PS)(A;;{Call};;;SY){MediumIntegrity}";
}
