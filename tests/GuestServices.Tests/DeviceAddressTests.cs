using Microsoft.Extensions.Logging;
using VpcComApi.GuestServices.Links;
using VpcComApi.TestSupport;
using VpcComApi.VpcBus;

namespace VpcComApi.GuestServices.Tests;

/// <summary>A link over a device, which is one that can be interrupted.</summary>
[Platform("Linux", Reason = "The device is a named pipe that returns what was written to it.")]
[CancelAfter(60_000)]
public sealed class DeviceAddressTests
{
    private const int LinkLost = 4102;

    [Test]
    public async Task What_becomes_of_its_link_is_in_the_guest_services_log(CancellationToken cancellationToken)
    {
        using TestDirectory folder = new();
        string device = folder.PathOf("port");
        await RunningProgram.RunAsync("mkfifo", [device]);
        RecordingLogger log = new();

        // It receives its own bytes, which are not those of a host.
        Assert.That(
            async () => await Wait.UntilAsync(new DeviceAddress(device).ConnectAsync(log, cancellationToken), "the link to be refused"),
            Throws.InstanceOf<BusException>().With.Property(nameof(BusException.Error)).EqualTo(BusError.RevisionMismatch));
        Assert.That(log.Events, Does.Contain(LinkLost));
    }

    private sealed class RecordingLogger : ILogger
    {
        private readonly List<int> events = [];

        public IReadOnlyList<int> Events
        {
            get
            {
                lock (events)
                {
                    return [.. events];
                }
            }
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (events)
            {
                events.Add(eventId.Id);
            }
        }
    }
}
