namespace VpcComApi.VpcBus.Integration;

/// <summary>What a host can request from a guest in a <see cref="Request"/>, with the arguments that each takes.</summary>
public static class IntegrationOperations
{
    /// <summary>
    /// Shuts the guest's system down. Arguments <see cref="ForcedArgument"/>, <see cref="RestartArgument"/>. Answered before it begins.
    /// </summary>
    public const string Shutdown = "shutdown";

    /// <summary>Logs every user off. Answered before it begins; <see cref="GuestLoggedOff"/> follows.</summary>
    public const string Logoff = "logoff";

    /// <summary>Reads a guest parameter. Argument <see cref="NameArgument"/>; the answer's value is null when there is none.</summary>
    public const string GetParameter = "getParameter";

    /// <summary>Writes a guest parameter. Arguments <see cref="NameArgument"/>, <see cref="ValueArgument"/>.</summary>
    public const string SetParameter = "setParameter";

    /// <summary>Asks for a session. Argument <see cref="SessionArgument"/> (0 seamless application, 1 remote desktop); the value is
    /// <c>true</c> or <c>false</c>.</summary>
    public const string IsUserLoggedOn = "isUserLoggedOn";

    /// <summary>
    /// Lists the guest's integration devices: its bus channels. The value is a JSON array of <see cref="IntegrationDevice"/>.
    /// </summary>
    public const string ListDevices = "listDevices";

    /// <summary>Changes the size of the guest's display. Arguments <see cref="WidthArgument"/>, <see cref="HeightArgument"/>.</summary>
    public const string SetDisplaySize = "setDisplaySize";

    /// <summary>Compares the guest's clock with the host's, and sets it. Arguments <see cref="TimeArgument"/>, <see cref="SetArgument"/>;
    /// the value is by how many milliseconds the guest's clock was ahead, as a decimal number, negative when it was behind.</summary>
    public const string SynchronizeClock = "synchronizeClock";

    /// <summary><c>true</c>: applications that do not answer are ended.</summary>
    public const string ForcedArgument = "forced";

    /// <summary><c>true</c>: the system restarts.</summary>
    public const string RestartArgument = "restart";

    /// <summary>A parameter's name; see <see cref="IntegrationProtocol.MaxParameterNameLength"/>.</summary>
    public const string NameArgument = "name";

    /// <summary>A parameter's value.</summary>
    public const string ValueArgument = "value";

    /// <summary>The kind of session.</summary>
    public const string SessionArgument = "session";

    /// <summary>Pixels, as a decimal number.</summary>
    public const string WidthArgument = "width";

    /// <summary>Pixels, as a decimal number.</summary>
    public const string HeightArgument = "height";

    /// <summary>The host's time: milliseconds since 1970-01-01 00:00 UTC, as a decimal number.</summary>
    public const string TimeArgument = "time";

    /// <summary><c>true</c>: the guest's clock is set to the host's time; otherwise it is only compared.</summary>
    public const string SetArgument = "set";
}
