namespace VpcComApi.GuestServices;

/// <summary>The exit codes of vmsrvc. docs/vmsrvc.md lists them, with the two of an emulated guest.</summary>
internal static class ExitCode
{
    /// <summary>Success, or a stop that was requested.</summary>
    public const int Success = 0;

    /// <summary>Failure; standard error gives the reason.</summary>
    public const int Failure = 1;

    /// <summary>Standard output was closed by its reader. The value that a shell shows for a program that SIGPIPE has ended.</summary>
    public const int OutputClosed = 141;
}
