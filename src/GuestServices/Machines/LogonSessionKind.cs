namespace VpcComApi.GuestServices.Machines;

/// <summary>The kinds of session that a host asks for; the numbers are the contract's.</summary>
internal enum LogonSessionKind
{
    /// <summary>Single applications of the guest on the host's desktop.</summary>
    SeamlessApplication = 0,

    /// <summary>A remote desktop.</summary>
    RemoteDesktop = 1,
}
