namespace VpcComApi.GuestServices.Machines;

/// <summary>The kinds of session for which a host asks; the numbers are those of the contract.</summary>
internal enum LogonSessionKind
{
    /// <summary>Single applications of the guest on the host's desktop.</summary>
    SeamlessApplication = 0,

    /// <summary>A remote desktop.</summary>
    RemoteDesktop = 1,
}
