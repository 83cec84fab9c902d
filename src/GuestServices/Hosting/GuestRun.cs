using VpcComApi.GuestServices.Logging;

namespace VpcComApi.GuestServices.Hosting;

/// <summary>A guest service that runs before the host builder's host exists.</summary>
/// <param name="Serving">Completes when the service has ended.</param>
/// <param name="Stopping">Stops it.</param>
/// <param name="Log">Stores its messages until there is a log.</param>
internal sealed record GuestRun(Task Serving, CancellationTokenSource Stopping, EarlyLogger Log);
