using VpcComApi.GuestServices.Logging;

namespace VpcComApi.GuestServices.Hosting;

/// <summary>A guest service that serves before there is a host around it.</summary>
/// <param name="Serving">Completes when it serves no more.</param>
/// <param name="Stopping">Makes it stop.</param>
/// <param name="Log">Keeps its messages until there is a log.</param>
internal sealed record GuestRun(Task Serving, CancellationTokenSource Stopping, EarlyLogger Log);
