using System.Globalization;

namespace VpcComApi.VpcBus.Integration;

/// <summary>
/// Host to guest: do something. Answered by one <see cref="Response"/> with the same <paramref name="Id"/>, in any order.
/// </summary>
/// <param name="Id">The host's number for the request; no two open ones have the same.</param>
/// <param name="Operation">What to do; see <see cref="IntegrationOperations"/>.</param>
/// <param name="Arguments">What to do it with, by name; names that the operation does not know are ignored.</param>
public sealed record Request(long Id, string Operation, IReadOnlyDictionary<string, string>? Arguments = null) : IntegrationMessage
{
    /// <summary>An argument, or null.</summary>
    public string? Argument(string name) => Arguments is not null && Arguments.TryGetValue(name, out string? value) ? value : null;

    /// <summary>Whether an argument is the text <c>true</c>.</summary>
    public bool IsSet(string name) => Argument(name) == "true";

    /// <summary>Asks the guest's system to end.</summary>
    public static Request Shutdown(long id, bool forced, bool restart) =>
        new(id, IntegrationOperations.Shutdown, new Dictionary<string, string>
    {
        [IntegrationOperations.ForcedArgument] = forced ? "true" : "false",
        [IntegrationOperations.RestartArgument] = restart ? "true" : "false",
    });

    /// <summary>Asks for a guest parameter.</summary>
    public static Request GetParameter(long id, string name) =>
        new(id, IntegrationOperations.GetParameter, new Dictionary<string, string> { [IntegrationOperations.NameArgument] = name });

    /// <summary>Sets a guest parameter.</summary>
    public static Request SetParameter(long id, string name, string value) => new(
        id,
        IntegrationOperations.SetParameter,
        new Dictionary<string, string> { [IntegrationOperations.NameArgument] = name, [IntegrationOperations.ValueArgument] = value });

    /// <summary>Asks for another size of the guest's display.</summary>
    public static Request SetDisplaySize(long id, int width, int height) => new(
        id,
        IntegrationOperations.SetDisplaySize,
        new Dictionary<string, string>
        {
            [IntegrationOperations.WidthArgument] = width.ToString(CultureInfo.InvariantCulture),
            [IntegrationOperations.HeightArgument] = height.ToString(CultureInfo.InvariantCulture),
        });

    /// <summary>Tells the guest the host's time.</summary>
    public static Request SynchronizeClock(long id, DateTimeOffset time, bool set) => new(
        id,
        IntegrationOperations.SynchronizeClock,
        new Dictionary<string, string>
        {
            [IntegrationOperations.TimeArgument] = time.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
            [IntegrationOperations.SetArgument] = set ? "true" : "false",
        });
}
