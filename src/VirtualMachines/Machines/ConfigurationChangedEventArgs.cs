namespace VpcComApi.VirtualMachines.Machines;

/// <summary>A value of a machine's configuration was set.</summary>
/// <param name="key">The slash path.</param>
/// <param name="value">The new value, or null when it was removed.</param>
public sealed class ConfigurationChangedEventArgs(string key, object? value) : EventArgs
{
    /// <summary>The slash path.</summary>
    public string Key { get; } = key;

    /// <summary>The new value, or null when it was removed.</summary>
    public object? Value { get; } = value;
}
