namespace VpcComApi.VpcBus.Integration;

/// <summary>Why a guest did not do what a <see cref="Request"/> asked; the codes in <see cref="Response.Error"/>. A code that is not
/// known means <see cref="Failed"/>.</summary>
public static class IntegrationErrors
{
    /// <summary>It was tried and did not work; the message says why.</summary>
    public const string Failed = "failed";

    /// <summary>The guest does not know the operation.</summary>
    public const string NotSupported = "notSupported";

    /// <summary>An argument is missing or out of its range.</summary>
    public const string InvalidArgument = "invalidArgument";

    /// <summary>The guest service may not do that.</summary>
    public const string AccessDenied = "accessDenied";

    /// <summary>The guest is locked, and the request did not force the operation.</summary>
    public const string MachineLocked = "machineLocked";

    /// <summary>The guest is not ready for that yet.</summary>
    public const string NotReady = "notReady";

    /// <summary>The guest is shutting down already.</summary>
    public const string ShutdownInProgress = "shutdownInProgress";

    /// <summary>Nobody is logged on.</summary>
    public const string NoLogonSession = "noLogonSession";
}
