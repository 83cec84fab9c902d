using System.Text.Json;
using VpcComApi.VpcBus.Integration;

namespace VpcComApi.GuestServices.Machines.Real;

/// <summary>The parameters of a guest that has no registry: one small JSON file, replaced as a whole at each change.</summary>
/// <param name="path">Its full path. The folder is created if it is missing.</param>
internal sealed class FileParameterStore(string path) : IParameterStore
{
    private readonly Lock gate = new();
    private SortedDictionary<string, string>? parameters;

    /// <inheritdoc/>
    public string? Get(string name)
    {
        lock (gate)
        {
            return Load().GetValueOrDefault(name);
        }
    }

    /// <inheritdoc/>
    public Task SetAsync(string name, string value, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            SortedDictionary<string, string> changed = new(Load(), StringComparer.OrdinalIgnoreCase) { [name] = value };
            if (changed.Count > ParameterLimits.MaxParameters)
            {
                throw new RequestRefusedException(
                    IntegrationErrors.Failed, $"The guest stores at most {ParameterLimits.MaxParameters} parameters.");
            }

            try
            {
                Save(changed);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw Refused("written", e);
            }

            parameters = changed;
            return Task.CompletedTask;
        }
    }

    private SortedDictionary<string, string> Load()
    {
        try
        {
            return parameters ??= new SortedDictionary<string, string>(
                File.Exists(path)
                    ? JsonSerializer.Deserialize(File.ReadAllBytes(path), GuestJson.Default.SortedDictionaryStringString)!
                    : [],
                StringComparer.OrdinalIgnoreCase);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw Refused("read", e);
        }
    }

    private void Save(SortedDictionary<string, string> changed)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string unfinished = path + ".tmp";
        File.WriteAllBytes(unfinished, JsonSerializer.SerializeToUtf8Bytes(changed, GuestJson.Default.SortedDictionaryStringString));
        File.Move(unfinished, path, overwrite: true);
    }

    private RequestRefusedException Refused(string verb, Exception cause) => new(
        cause is UnauthorizedAccessException ? IntegrationErrors.AccessDenied : IntegrationErrors.Failed,
        $"The file {path} with the guest's parameters cannot be {verb}: {cause.Message}",
        cause);
}
