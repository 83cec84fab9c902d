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
}
