namespace VpcComApi.GuestServices;

/// <summary>How vmsrvc ends. docs/vmsrvc.md lists them for people, with the two of an emulated guest.</summary>
internal static class ExitCode
{
    /// <summary>Told to stop, or done.</summary>
    public const int Success = 0;

    /// <summary>It could not do its work; standard error says why.</summary>
    public const int Failure = 1;

    /// <summary>Nobody reads standard output any more: what a shell shows for a program that SIGPIPE ended.</summary>
    public const int OutputClosed = 141;
}
