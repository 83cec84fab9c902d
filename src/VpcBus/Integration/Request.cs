using System.Globalization;

namespace VpcComApi.VpcBus.Integration;

/// <summary>
/// Host to guest: a request to do something. Answered by one <see cref="Response"/> with the same <paramref name="Id"/>, in any order.
/// </summary>
/// <param name="Id">The host's number for the request, different from that of every other open request.</param>
/// <param name="Operation">The operation; see <see cref="IntegrationOperations"/>.</param>
/// <param name="Arguments">The arguments by name; unknown names are ignored.</param>
public sealed record Request(long Id, string Operation, IReadOnlyDictionary<string, string>? Arguments = null) : IntegrationMessage
{
    /// <summary>An argument, or null.</summary>
    public string? Argument(string name) => Arguments is not null && Arguments.TryGetValue(name, out string? value) ? value : null;

    /// <summary>Whether an argument is the text <c>true</c>.</summary>
    public bool IsSet(string name) => Argument(name) == "true";

    /// <summary>Requests that the guest's system shuts down.</summary>
    public static Request Shutdown(long id, bool forced, bool restart) =>
        new(id, IntegrationOperations.Shutdown, new Dictionary<string, string>
    {
        [IntegrationOperations.ForcedArgument] = forced ? "true" : "false",
        [IntegrationOperations.RestartArgument] = restart ? "true" : "false",
    });

    /// <summary>Requests a guest parameter.</summary>
    public static Request GetParameter(long id, string name) =>
        new(id, IntegrationOperations.GetParameter, new Dictionary<string, string> { [IntegrationOperations.NameArgument] = name });

    /// <summary>Sets a guest parameter.</summary>
    public static Request SetParameter(long id, string name, string value) => new(
        id,
        IntegrationOperations.SetParameter,
        new Dictionary<string, string> { [IntegrationOperations.NameArgument] = name, [IntegrationOperations.ValueArgument] = value });

    /// <summary>Requests another size of the guest's display.</summary>
    public static Request SetDisplaySize(long id, int width, int height) => new(
        id,
        IntegrationOperations.SetDisplaySize,
        new Dictionary<string, string>
        {
            [IntegrationOperations.WidthArgument] = width.ToString(CultureInfo.InvariantCulture),
            [IntegrationOperations.HeightArgument] = height.ToString(CultureInfo.InvariantCulture),
        });

    /// <summary>Sends the host's time to the guest.</summary>
    public static Request SynchronizeClock(long id, DateTimeOffset time, bool set) => new(
        id,
        IntegrationOperations.SynchronizeClock,
        new Dictionary<string, string>
        {
            [IntegrationOperations.TimeArgument] = time.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
            [IntegrationOperations.SetArgument] = set ? "true" : "false",
        });
}
