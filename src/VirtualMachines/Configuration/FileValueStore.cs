using System.Diagnostics.CodeAnalysis;

namespace VpcComApi.VirtualMachines.Configuration;

/// <summary>The lasting values of a file, as callers see them.</summary>
/// <param name="file">The file; asked for on each call, because a machine's file can be renamed.</param>
/// <param name="owner">What the values belong to, for error texts: "the machine X".</param>
/// <param name="missingArgument">
/// What a missing key or value is: the contract has E_POINTER for preferences, E_INVALIDARG for machines.
/// </param>
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
    public void SetValue(string? key, object? value) => Change([(key, value)], []);

    /// <inheritdoc/>
    public void RemoveValue(string? key) => Change([], [key]);

    /// <summary>Writes and removes several values at once. When one is refused, nothing is changed.</summary>
    /// <param name="set">The slash paths and values to write, in order.</param>
    /// <param name="remove">The slash paths of the values that are removed afterwards.</param>
    /// <exception cref="VirtualMachineException">
    /// A key or the type of a value is not usable, there is no value to remove, or the file cannot be written.
    /// </exception>
    public void Change(IEnumerable<(string? Key, object? Value)> set, IEnumerable<string?> remove)
    {
        List<(ValuePath Path, object Value)> written = [.. set.Select(one => ParseValue(one.Key, one.Value))];
        List<ValuePath> removed = [.. remove.Select(ParseKey)];
        List<(ValuePath Path, object? Kept)> changes = file().Update(document =>
        {
            List<(ValuePath, object?)> done = [];
            foreach ((ValuePath path, object value) in written)
            {
                document.Set(path, value);
                done.Add((path, document.TryGetValue(path, out object? kept) ? kept : value));
            }

            foreach (ValuePath path in removed)
            {
                done.Add(document.Remove(path) ? (path, null) : throw NotFound(path));
            }

            return done;
        });
        foreach ((ValuePath path, object? kept) in changes)
        {
            changed?.Invoke(path.ToString(), kept);
        }
    }

    private (ValuePath Path, object Value) ParseValue(string? key, object? value)
    {
        ValuePath path = ParseKey(key);
        return value is null
            ? throw new VirtualMachineException(missingArgument, $"No value was given for '{path}' of {owner()}.")
            : (path, value);
    }

    private ValuePath ParseKey(string? key) => key is null
        ? throw new VirtualMachineException(missingArgument, $"No configuration key was given for {owner()}.")
        : ValuePath.Parse(key);

    private VirtualMachineException NotFound(ValuePath path) =>
        new(VirtualMachineError.ValueNotFound, $"There is no value '{path}' in the configuration of {owner()}.");
}
