using NUnit.Framework.Constraints;

namespace VpcComApi.VirtualDisks.Tests;

/// <summary>Expects a refusal of an image.</summary>
internal static class Refusals
{
    /// <summary>A <see cref="VirtualDiskException"/> with this error.</summary>
    public static IResolveConstraint With(VirtualDiskError error) =>
        Throws.TypeOf<VirtualDiskException>().With.Property(nameof(VirtualDiskException.Error)).EqualTo(error);
}
