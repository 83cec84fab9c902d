using System.Collections.Concurrent;
using System.Text.Json;
using VpcComApi.VirtualMachines;
using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.ExampleProvider.Tests;

/// <summary>
/// All that a machine of the example provider remembers: its guest's parameters, in a file that is untrusted when it is read.
/// </summary>
/// <param name="ConfigurationId">The machine that it belongs to.</param>
/// <param name="Parameters">The parameters.</param>
internal sealed record ExampleState(Guid ConfigurationId, ConcurrentDictionary<string, string> Parameters)
{
    /// <summary>The longest file that is read, in bytes.</summary>
    private const int MaxLength = 1024 * 1024;

    /// <summary>Reads a state.</summary>
    /// <param name="path">The file.</param>
    /// <param name="configurationId">The machine that it must belong to.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="VirtualMachineException">The file is missing, damaged or another machine's.</exception>
    public static async Task<ExampleState> ReadAsync(string path, Guid configurationId, CancellationToken cancellationToken)
    {
        try
        {
            byte[] content = await Task.Run(() => StoredFile.ReadAllBytes(path, MaxLength), cancellationToken);
            return JsonSerializer.Deserialize<ExampleState>(content) is { Parameters: not null } state
                && state.ConfigurationId == configurationId
                ? state
                : throw new InvalidDataException("it is no state of this machine");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidDataException)
        {
            throw new VirtualMachineException(
                VirtualMachineError.SavedStateUnreadable,
                $"The saved state {path} cannot be restored: {e.Message}. Discard it and start the machine again.",
                e);
        }
    }

    /// <summary>Writes the state to a temporary file first, so that the file is written completely or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="VirtualMachineException">The file could not be written.</exception>
    public async Task WriteAsync(string path, CancellationToken cancellationToken)
    {
        string unfinished = path + ".tmp";
        try
        {
            await File.WriteAllTextAsync(unfinished, JsonSerializer.Serialize(this), cancellationToken);
            File.Move(unfinished, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VirtualMachineException(
                SavedStateErrors.OfWriting(e), $"The saved state could not be written to {path}: {e.Message}", e);
        }
    }
}
