namespace VpcComApi.ComServer.Activation;

/// <summary>How long the server waits for the next client.</summary>
internal static class WaitingTime
{
    /// <summary>
    /// How long at least it waits for its first client, however short the idle timeout is. COM started it for one that is still on its way:
    /// Wine's client looks for the class once a second, for half a minute, and starts a server at its first attempt only. A server that has
    /// started and ended between two attempts would therefore never be found. This is the time of ten attempts, some of which a busy
    /// computer may delay.
    /// </summary>
    public static readonly TimeSpan FirstClient = TimeSpan.FromSeconds(10);

    /// <summary>How long to wait while the application is not open yet, and its idle timeout not known.</summary>
    public static readonly TimeSpan Opening = TimeSpan.FromSeconds(30);

    /// <summary>How long to stay when the application could not be opened: the next client starts a process that tries again.</summary>
    public static readonly TimeSpan Failed = TimeSpan.FromSeconds(1);

    /// <summary>The time for a server in a given state.</summary>
    /// <param name="reached">Whether a client has come yet.</param>
    /// <param name="failed">Whether the application could not be opened.</param>
    /// <param name="idleTimeout">The application's idle timeout; null while the application is not open.</param>
    public static TimeSpan Of(bool reached, bool failed, TimeSpan? idleTimeout)
    {
        if (failed)
        {
            return Failed;
        }

        TimeSpan time = idleTimeout ?? Opening;
        return reached || time > FirstClient ? time : FirstClient;
    }
}
