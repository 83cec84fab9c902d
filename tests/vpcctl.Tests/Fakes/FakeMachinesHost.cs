using VpcComApi.CommandLine.Hosting;
using VpcComApi.CommandLine.Machines;

namespace VpcComApi.CommandLine.Tests.Fakes;

/// <summary>Something to host that is not the domain.</summary>
internal sealed class FakeMachinesHost : IMachinesHost
{
    public FakeMachinesHost(FakeMachines machines)
    {
        Fake = machines;
        Fake.Changed += OnChanged;
    }

    public event EventHandler? NeedChanged;

    public FakeMachines Fake { get; }

    public IMachines Machines => Fake;

    public bool IsBusy => Fake.AnyIsOn;

    public bool IsEndRequested => Fake.EndWasRequested;

    public TimeSpan IdleTimeout { get; set; } = Timeout.InfiniteTimeSpan;

    public bool IsDisposed { get; private set; }

    public ValueTask DisposeAsync()
    {
        Fake.Changed -= OnChanged;
        IsDisposed = true;
        return ValueTask.CompletedTask;
    }

    private void OnChanged() => NeedChanged?.Invoke(this, EventArgs.Empty);
}
