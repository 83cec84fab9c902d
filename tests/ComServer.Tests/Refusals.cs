using NUnit.Framework.Constraints;
using VpcComApi.VirtualMachines;

namespace VpcComApi.ComServer.Tests;

/// <summary>Constraints for expected refusals of the domain.</summary>
internal static class Refusals
{
    /// <summary>Throws the domain's exception with an error.</summary>
    /// <param name="error">The error.</param>
    public static IResolveConstraint With(VirtualMachineError error) =>
        Throws.TypeOf<VirtualMachineException>().With.Property(nameof(VirtualMachineException.Error)).EqualTo(error);
}
