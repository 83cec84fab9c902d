namespace VpcComApi.VirtualMachines.Configuration;

/// <summary>Values under slash paths that can be changed.</summary>
public interface IValueStore : IReadOnlyValues
{
    /// <summary>Reads one value.</summary>
    /// <param name="key">The slash path, without the root element.</param>
    /// <returns>An <see cref="int"/>, <see cref="string"/>, <see cref="bool"/> or byte array.</returns>
    /// <exception cref="VirtualMachineException">The key is empty or malformed, or there is no such value.</exception>
    object GetValue(string? key);

    /// <summary>Writes one value; unknown keys are allowed and values are not checked.</summary>
    /// <param name="key">The slash path.</param>
    /// <param name="value">Any integer type that fits 32 bits, a string, a bool or a byte array.</param>
    /// <exception cref="VirtualMachineException">The key or the value's type is not usable, or the store cannot be written.</exception>
    void SetValue(string? key, object? value);

    /// <summary>Removes one value.</summary>
    /// <param name="key">The slash path.</param>
    /// <exception cref="VirtualMachineException">The key is empty or malformed, or there is no such value.</exception>
    void RemoveValue(string? key);
}
