using System.Diagnostics.CodeAnalysis;
using VpcComApi.VirtualMachines.Configuration;

namespace VpcComApi.EmulatedMachineHost;

/// <summary>A configuration without values.</summary>
internal sealed class NoValues : IReadOnlyValues
{
    /// <inheritdoc/>
    public bool TryGetValue(string key, [NotNullWhen(true)] out object? value)
    {
        value = null;
        return false;
    }
}
