using System.Diagnostics.CodeAnalysis;
using VpcComApi.VirtualMachines.Configuration;

namespace VpcComApi.ProviderConformance;

/// <summary>A configuration without values.</summary>
public sealed class NoValues : IReadOnlyValues
{
    /// <inheritdoc/>
    public bool TryGetValue(string key, [NotNullWhen(true)] out object? value)
    {
        value = null;
        return false;
    }
}
