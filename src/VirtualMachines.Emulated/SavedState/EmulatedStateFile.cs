using System.Text.Json;
using VpcComApi.VirtualMachines.Emulated.Board;
using VpcComApi.VirtualMachines.Emulated.Processes;
using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.VirtualMachines.Emulated.SavedState;

/// <summary>Writes and reads the file of a saved emulated machine. The file is untrusted when it is read.</summary>
internal static class EmulatedStateFile
{
    /// <summary>The longest file that is read: every parameter at its longest, with every character escaped.</summary>
    private const int MaxLength = BoardWrite.MaxParameters * BoardWrite.MaxLineLength;

    /// <summary>Writes a state. The file is written completely or not at all.</summary>
    /// <param name="path">The full path; an existing file is replaced.</param>
    /// <param name="state">The state.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="VirtualMachineException">The file could not be written.</exception>
    public static async Task WriteAsync(string path, EmulatedState state, CancellationToken cancellationToken)
    {
        string unfinished = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            await using (FileStream file = new(unfinished, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                await JsonSerializer.SerializeAsync(file, state, EmulatedStateJson.Default.EmulatedState, cancellationToken);
                if (file.Length > MaxLength)
                {
                    throw new IOException($"it would have {file.Length:N0} bytes, and {MaxLength:N0} can be read");
                }

                file.Flush(flushToDisk: true);
            }

            cancellationToken.ThrowIfCancellationRequested();
            File.Move(unfinished, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Delete(unfinished);
            throw new VirtualMachineException(
                SavedStateErrors.OfWriting(e), $"The saved state could not be written to {path}: {e.Message}", e);
        }
        catch (OperationCanceledException)
        {
            Delete(unfinished);
            throw;
        }
    }

    /// <summary>Reads a state.</summary>
    /// <param name="path">The file.</param>
    /// <param name="configurationId">The machine that it must belong to.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="VirtualMachineException">The file is missing, damaged, of another version or of another machine.</exception>
    public static async Task<EmulatedState> ReadAsync(string path, Guid configurationId, CancellationToken cancellationToken)
    {
        try
        {
            byte[] content = await Task.Run(() => StoredFile.ReadAllBytes(path, MaxLength), cancellationToken);
            EmulatedStateHeader? header = JsonSerializer.Deserialize(content, EmulatedStateJson.Default.EmulatedStateHeader);
            if (header?.Format != EmulatedState.FormatName)
            {
                throw new InvalidDataException("it is not a saved state of an emulated machine");
            }

            if (header.Version != EmulatedState.CurrentVersion)
            {
                throw DoesNotFit(path, $"it has version {header.Version}, and only version {EmulatedState.CurrentVersion} can be restored");
            }

            EmulatedState state = JsonSerializer.Deserialize(content, EmulatedStateJson.Default.EmulatedState)!;
            if (state.ConfigurationId != configurationId)
            {
                throw DoesNotFit(path, $"it belongs to the machine {state.ConfigurationId:B}");
            }

            return state.Parameters.Count <= BoardWrite.MaxParameters
                && state.Parameters.All(pair => GuestMemory.IsValid(pair.Key, pair.Value))
                ? state
                : throw new InvalidDataException("its parameters exceed a limit");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidDataException)
        {
            throw new VirtualMachineException(
                VirtualMachineError.SavedStateUnreadable,
                $"The saved state {path} cannot be restored: {e.Message}. Discard it and start the machine again.",
                e);
        }
    }

    private static VirtualMachineException DoesNotFit(string path, string why) => new(
        VirtualMachineError.SavedStateBadVersion,
        $"The saved state {path} cannot be restored: {why}. Discard it and start the machine again.");

    private static void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The error that caused this clean-up is the one to report.
        }
    }
}
