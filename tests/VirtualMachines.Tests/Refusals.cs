using NUnit.Framework.Constraints;

namespace VpcComApi.VirtualMachines.Tests;

/// <summary>Constraints for expected refusals.</summary>
internal static class Refusals
{
    /// <summary>Throws the domain's exception with an error, and a text that a person can read.</summary>
    /// <param name="error">The error.</param>
    public static Constraint With(VirtualMachineError error) =>
        Throws.TypeOf<VirtualMachineException>()
            .With.Property(nameof(VirtualMachineException.Error)).EqualTo(error)
            .And.Message.Length.GreaterThan(20);
}
