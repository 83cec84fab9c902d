namespace VpcComApi.ComServer;

/// <summary>What the command line asks for.</summary>
internal enum ServerCommand
{
    /// <summary>Say what the program is and how it is used.</summary>
    Help,

    /// <summary>Serve COM clients until idle.</summary>
    Serve,

    /// <summary>Register for all users when that is allowed, else for this user.</summary>
    Register,

    /// <summary>Register for this user alone.</summary>
    RegisterPerUser,

    /// <summary>Remove every registration.</summary>
    Unregister,

    /// <summary>Check what this machine makes of the server, and write a report.</summary>
    Verify,

    /// <summary>Serve one run of <see cref="Verify"/>. Operands: a CLSID and a data folder.</summary>
    ServeVerification,

    /// <summary>Be a client for one run of <see cref="Verify"/>. Operand: a CLSID.</summary>
    BeVerificationClient,

    /// <summary>
    /// Remove what a run of <see cref="Verify"/> made as soon as it has ended, however it ended. Operand: its identifier.
    /// </summary>
    CleanVerification,
}
