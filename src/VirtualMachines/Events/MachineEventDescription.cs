namespace VpcComApi.VirtualMachines.Events;

/// <summary>What one event id means.</summary>
/// <param name="Id">The id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Meaning">What has happened.</param>
internal sealed record MachineEventDescription(int Id, string Name, string Meaning);
