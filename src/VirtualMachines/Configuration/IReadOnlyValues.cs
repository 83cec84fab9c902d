namespace VpcComApi.VirtualMachines.Configuration;

/// <summary>Values under slash paths, such as <c>hardware/memory/ram_size</c> or <c>ide_controller[@id=1]/location[@id=0]</c>.</summary>
public interface IReadOnlyValues
{
    /// <summary>Reads one value.</summary>
    /// <param name="key">The slash path, without the root element.</param>
    /// <param name="value">The value: <see cref="int"/>, <see cref="string"/>, <see cref="bool"/> or a byte array.</param>
    /// <returns>False when there is no value under that key.</returns>
    bool TryGetValue(string key, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out object? value);
}
