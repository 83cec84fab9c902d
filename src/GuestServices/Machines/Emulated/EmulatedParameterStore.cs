using System.Collections.Concurrent;
using VpcComApi.VirtualMachines.Emulated.Board;
using VpcComApi.VpcBus.Integration;

namespace VpcComApi.GuestServices.Machines.Emulated;

/// <summary>
/// The parameters of an emulated guest. They are kept in the machine's non-volatile memory, so they survive a reset and are saved with it.
/// </summary>
internal sealed class EmulatedParameterStore : IParameterStore
{
    private readonly EmulatedBoard board;
    private readonly ConcurrentDictionary<string, string> parameters = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads the parameters in the machine's memory, which replace presets of the same name.</summary>
    /// <param name="board">The machine's board.</param>
    public EmulatedParameterStore(EmulatedBoard board)
    {
        this.board = board;
        string host = Environment.MachineName;
        parameters[ParameterPresets.HostName] = host;
        parameters[ParameterPresets.PhysicalHostName] = host;
        parameters[ParameterPresets.PhysicalHostNameFullyQualified] = host;
        parameters[ParameterPresets.VirtualMachineName] = board.Description.MachineName;
        parameters[ParameterPresets.ChassisAssetTag] = board.Description.Firmware.ChassisAssetTag;
        foreach ((string name, string value) in board.Description.Parameters)
        {
            parameters[name] = value;
        }
    }

    /// <inheritdoc/>
    public string? Get(string name) => parameters.GetValueOrDefault(name);

    /// <inheritdoc/>
    public async Task SetAsync(string name, string value, CancellationToken cancellationToken)
    {
        if (!await board.WriteAsync(new BoardWrite(name, value), cancellationToken))
        {
            throw new RequestRefusedException(IntegrationErrors.Failed, "The machine's memory for parameters is full.");
        }

        parameters[name] = value;
    }
}
