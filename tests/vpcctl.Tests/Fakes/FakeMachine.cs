using VpcComApi.CommandLine.Machines;
using VpcComApi.VirtualMachines;
using VpcComApi.VirtualMachines.Machines;

namespace VpcComApi.CommandLine.Tests.Fakes;

/// <summary>A machine that is only a state.</summary>
internal sealed class FakeMachine(string name)
{
    public string Name { get; } = name;

    public MachineState State { get; set; } = MachineState.TurnedOff;

    /// <summary>Whether the guest service comes up when the machine starts.</summary>
    public bool GuestComesUp { get; set; } = true;

    /// <summary>The action during a wait for the guest service, or null for none.</summary>
    public Action? WhileAwaited { get; set; }

    /// <summary>Why it is paused.</summary>
    public PauseReason? PauseReason { get; set; }

    /// <summary>Whether the guest reacts to the request to shut down.</summary>
    public bool GuestReacts { get; set; } = true;

    /// <summary>Whether the guest was requested to shut down before.</summary>
    public bool EndsAlready { get; set; }

    /// <summary>Why no channel opens, or null.</summary>
    public VirtualMachineException? ChannelRefusal { get; set; }

    public List<ChannelSummary> Channels { get; } = [];

    public bool IsOn => State is MachineState.Running or MachineState.Paused;

    public bool IsReady => IsOn && GuestComesUp;
}
