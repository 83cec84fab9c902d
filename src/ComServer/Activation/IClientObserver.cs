namespace VpcComApi.ComServer.Activation;

/// <summary>Takes note of the processes that call.</summary>
internal interface IClientObserver
{
    /// <summary>Takes note of the process whose call this thread serves.</summary>
    void NoteCaller();
}
