using System.Diagnostics.CodeAnalysis;

namespace VpcComApi.VirtualMachines.Configuration;

/// <summary>The lasting values of a file, as callers see them.</summary>
/// <param name="file">The file; asked for on each call, because a machine's file can be renamed.</param>
/// <param name="owner">What the values belong to, for error texts: "the machine X".</param>
/// <param name="missingArgument">What a missing key or value is: the contract has E_POINTER for preferences, E_INVALIDARG for machines.</param>
/// <param name="changed">Hears of each change, after it was written; null means removed.</param>
internal sealed class FileValueStore(
    Func<ValueFile> file, Func<string> owner, VirtualMachineError missingArgument, Action<string, object?>? changed = null) : IValueStore
{
    /// <inheritdoc/>
    public bool TryGetValue(string key, [NotNullWhen(true)] out object? value) => file().Current.TryGetValue(key, out value);

    /// <inheritdoc/>
    public object GetValue(string? key)
    {
        ValuePath path = ParseKey(key);
        return file().Current.TryGetValue(path, out object? value) ? value : throw NotFound(path);
    }

    /// <inheritdoc/>
    public void SetValue(string? key, object? value)
    {
        ValuePath path = ParseKey(key);
        if (value is null)
        {
            throw new VirtualMachineException(missingArgument, $"No value was given for '{path}' of {owner()}.");
        }

        object kept = file().Update(document =>
        {
            document.Set(path, value);
            return document.TryGetValue(path, out object? written) ? written : value;
        });
        changed?.Invoke(path.ToString(), kept);
    }

    /// <inheritdoc/>
    public void RemoveValue(string? key)
    {
        ValuePath path = ParseKey(key);
        file().Update(document =>
        {
            if (!document.Remove(path))
            {
                throw NotFound(path);
            }
        });
        changed?.Invoke(path.ToString(), null);
    }

    private ValuePath ParseKey(string? key) => key is null
        ? throw new VirtualMachineException(missingArgument, $"No configuration key was given for {owner()}.")
        : ValuePath.Parse(key);

    private VirtualMachineException NotFound(ValuePath path) =>
        new(VirtualMachineError.ValueNotFound, $"There is no value '{path}' in the configuration of {owner()}.");
}
