namespace VpcComApi.ComServer;

/// <summary>How the program ends.</summary>
internal enum ExitCode
{
    /// <summary>Done.</summary>
    Done = 0,

    /// <summary>Failed; the reason has been written.</summary>
    Failed = 1,

    /// <summary>The command line was not understood.</summary>
    WrongUsage = 2,
}
