namespace VpcComApi.ComServer.Activation;

/// <summary>COM's own count of what keeps a server process running.</summary>
internal interface IServerProcess
{
    /// <summary>CoAddRefServerProcess.</summary>
    void AddReference();

    /// <summary>
    /// CoReleaseServerProcess. At zero COM suspends the class objects in the same step, so that no activation can slip in.
    /// </summary>
    /// <returns>Whether nothing keeps the process running any more.</returns>
    bool ReleaseReference();
}
