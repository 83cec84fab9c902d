namespace VpcComApi.VirtualMachines.Configuration;

/// <summary>One element on the way to a value.</summary>
/// <param name="Name">The element's name.</param>
/// <param name="Id">The value of its <c>id</c> attribute, or null when the path names none.</param>
internal readonly record struct ValuePathStep(string Name, string? Id)
{
    /// <inheritdoc/>
    public override string ToString() => Id is null ? Name : $"{Name}[@id={Id}]";
}
