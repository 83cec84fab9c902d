using System.Globalization;
using VpcComApi.GuestServices.Machines;
using VpcComApi.VpcBus.Integration;

namespace VpcComApi.GuestServices.Service;

/// <summary>
/// Carries out the host's requests. A request that cannot be done is answered with a code and a text; none ends the session.
/// </summary>
/// <param name="machine">The guest's machine.</param>
/// <param name="devices">Lists the integration devices.</param>
internal sealed class RequestHandler(IGuestMachine machine, Func<IReadOnlyList<IntegrationDevice>> devices)
{
    /// <summary>Devices in one answer: as many as fit into a message even with the largest numbers.</summary>
    public const int MaxListedDevices = 384;

    private const int MaxPixels = 16_384;

    /// <summary>A smaller difference of the clocks is not corrected, because transferring the host's message takes time too.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMilliseconds(500);

    /// <summary>Carries out a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<RequestOutcome> HandleAsync(Request request, CancellationToken cancellationToken)
    {
        try
        {
            return request.Operation switch
            {
                IntegrationOperations.Shutdown => Shutdown(request),
                IntegrationOperations.Logoff => Logoff(request),
                IntegrationOperations.GetParameter => new(new Response(request.Id, Value: machine.Parameters.Get(NameIn(request)))),
                IntegrationOperations.SetParameter => await SetParameterAsync(request, cancellationToken),
                IntegrationOperations.IsUserLoggedOn => IsUserLoggedOn(request),
                IntegrationOperations.ListDevices => new(new Response(
                    request.Id, Value: IntegrationCodec.EncodeDevices([.. devices().Take(MaxListedDevices)]))),
                IntegrationOperations.SetDisplaySize => SetDisplaySize(request),
                IntegrationOperations.SynchronizeClock => SynchronizeClock(request),
                _ => throw new RequestRefusedException(
                    IntegrationErrors.NotSupported, "The guest service does not know this operation; a newer version may."),
            };
        }
        catch (RequestRefusedException e)
        {
            return new(new Response(request.Id, e.Error, Message: e.Message));
        }
    }

    private static string NameIn(Request request) =>
        request.Argument(IntegrationOperations.NameArgument) is { } name && ParameterLimits.IsName(name)
        ? name
        : throw Invalid($"a parameter's name has 1 to {IntegrationProtocol.MaxParameterNameLength} characters and no backslash");

    private static RequestRefusedException Invalid(string rule) =>
        new(IntegrationErrors.InvalidArgument, $"The request is not valid: {rule}.");

    private RequestOutcome Shutdown(Request request)
    {
        bool forced = request.IsSet(IntegrationOperations.ForcedArgument);
        bool restart = request.IsSet(IntegrationOperations.RestartArgument);
        machine.CheckShutdown(forced);
        return new(
            new Response(request.Id),
            new GuestShutdownStarted(restart ? GuestShutdownStarted.Restart : GuestShutdownStarted.Shutdown),
            cancellationToken => machine.ShutdownAsync(forced, restart, cancellationToken));
    }

    private RequestOutcome Logoff(Request request)
    {
        if (!machine.Capabilities.Contains(IntegrationCapabilities.Logoff))
        {
            throw new RequestRefusedException(IntegrationErrors.NotSupported, "This guest cannot log its users off.");
        }

        machine.Sessions.CheckLogoff();
        return new(
            new Response(request.Id),
            new GuestLoggedOff(GuestLoggedOff.External),
            _ =>
            {
                machine.Sessions.LogoffAll();
                return Task.CompletedTask;
            });
    }

    private async Task<RequestOutcome> SetParameterAsync(Request request, CancellationToken cancellationToken)
    {
        string name = NameIn(request);
        string? value = request.Argument(IntegrationOperations.ValueArgument);
        if (!ParameterLimits.IsValue(value))
        {
            throw Invalid($"a parameter's value has at most {ParameterLimits.MaxValueLength} characters");
        }

        await machine.Parameters.SetAsync(name, value, cancellationToken);
        return new(new Response(request.Id));
    }

    private RequestOutcome IsUserLoggedOn(Request request)
    {
        string? text = request.Argument(IntegrationOperations.SessionArgument);
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int kind) || !Enum.IsDefined((LogonSessionKind)kind))
        {
            throw Invalid("a session is 0 or 1");
        }

        return new(new Response(request.Id, Value: machine.Sessions.IsUserLoggedOn((LogonSessionKind)kind) ? "true" : "false"));
    }

    private RequestOutcome SetDisplaySize(Request request)
    {
        if (machine.Display is not { } display)
        {
            throw new RequestRefusedException(IntegrationErrors.NotSupported, "This guest does not change the size of its display.");
        }

        display.Resize(PixelsIn(request, IntegrationOperations.WidthArgument), PixelsIn(request, IntegrationOperations.HeightArgument));
        return new(new Response(request.Id));
    }

    private static int PixelsIn(Request request, string argument) =>
        int.TryParse(request.Argument(argument), NumberStyles.None, CultureInfo.InvariantCulture, out int pixels) && pixels <= MaxPixels
            ? pixels
            : throw Invalid($"its {argument} is a number up to {MaxPixels}");

    private RequestOutcome SynchronizeClock(Request request)
    {
        if (machine.Clock is not { } clock)
        {
            throw new RequestRefusedException(IntegrationErrors.NotSupported, "The clock of this guest cannot be set.");
        }

        if (!long.TryParse(
            request.Argument(IntegrationOperations.TimeArgument), NumberStyles.None, CultureInfo.InvariantCulture, out long milliseconds)
            || milliseconds > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
        {
            throw Invalid("its time is a number of milliseconds since 1970");
        }

        DateTimeOffset hostTime = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
        TimeSpan ahead = clock.UtcNow - hostTime;
        if (request.IsSet(IntegrationOperations.SetArgument) && ahead.Duration() > ClockTolerance)
        {
            clock.Set(hostTime);
        }

        return new(new Response(request.Id, Value: ((long)ahead.TotalMilliseconds).ToString(CultureInfo.InvariantCulture)));
    }
}
