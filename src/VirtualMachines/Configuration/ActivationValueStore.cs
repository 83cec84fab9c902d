using System.Diagnostics.CodeAnalysis;

namespace VpcComApi.VirtualMachines.Configuration;

/// <summary>A machine's running copy of its values: made at start, gone at power-off, never written to a file.</summary>
/// <param name="machineName">The machine, for error texts.</param>
/// <param name="isActive">Whether the machine's state lets the copy be used.</param>
internal sealed class ActivationValueStore(Func<string> machineName, Func<bool> isActive) : IValueStore
{
    private readonly Lock sync = new();
    private XmlValueDocument? values;

    /// <summary>Takes a fresh copy.</summary>
    /// <param name="configuration">The lasting values.</param>
    public void Load(XmlValueDocument configuration)
    {
        lock (sync)
        {
            values = configuration.Clone();
        }
    }

    /// <summary>Forgets the copy.</summary>
    public void Clear()
    {
        lock (sync)
        {
            values = null;
        }
    }

    /// <inheritdoc/>
    public bool TryGetValue(string key, [NotNullWhen(true)] out object? value)
    {
        value = null;
        if (!isActive())
        {
            return false;
        }

        lock (sync)
        {
            return values is not null && values.TryGetValue(key, out value);
        }
    }

    /// <inheritdoc/>
    public object GetValue(string? key) =>
        Use(key, (document, path) => document.TryGetValue(path, out object? value) ? value : throw NotFound(path));

    /// <inheritdoc/>
    public void SetValue(string? key, object? value) => Use(key, (document, path) =>
    {
        document.Set(path, value);
        return true;
    });

    /// <inheritdoc/>
    public void RemoveValue(string? key) => Use(key, (document, path) => document.Remove(path) ? true : throw NotFound(path));

    private T Use<T>(string? key, Func<XmlValueDocument, ValuePath, T> action)
    {
        ValuePath path = ValuePath.Parse(key);
        bool active = isActive();
        lock (sync)
        {
            return active && values is not null
                ? action(values, path)
                : throw new VirtualMachineException(
                    VirtualMachineError.ValueNotFound,
                    $"The machine '{machineName()}' has no activation values, because it is not running. Start it first.");
        }
    }

    private VirtualMachineException NotFound(ValuePath path) =>
        new(VirtualMachineError.ValueNotFound, $"There is no activation value '{path}' in the machine '{machineName()}'.");
}
