namespace VpcComApi.VirtualMachines.Machines;

/// <summary>A value of a machine's configuration was set.</summary>
public sealed class ConfigurationChangedEventArgs : EventArgs
{
    internal ConfigurationChangedEventArgs(string key, object? value)
    {
        Key = key;
        Value = value;
    }

    /// <summary>The slash path.</summary>
    public string Key { get; }

    /// <summary>The new value, or null when it was removed.</summary>
    public object? Value { get; }
}
