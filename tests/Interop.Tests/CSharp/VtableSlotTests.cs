using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;
using VpcComApi.ContractGenerator.Model;

namespace VpcComApi.Interop.Tests.CSharp;

/// <summary>
/// The vtables that native callers see, slot by slot: each slot of each dual interface is called by its number, on an object that
/// implements nothing, and the error names the member that was reached.
/// </summary>
[TestFixture]
public sealed unsafe class VtableSlotTests
{
    private const int NotImplemented = unchecked((int)0x80004001);

    private readonly StrategyBasedComWrappers wrappers = new();
    private Func<Exception, ComError> translate = null!;
    private Exception? reported;

    private static IEnumerable<InterfaceDefinition> DualInterfaces => ContractSource.Contract.DualInterfaces;

    [SetUp]
    public void KeepWhatIsReported()
    {
        translate = ComErrorMarshaller.Translate;
        ComErrorMarshaller.Translate = exception =>
        {
            reported = exception;
            return translate(exception);
        };
    }

    [TearDown]
    public void Restore() => ComErrorMarshaller.Translate = translate;

    [TestCaseSource(nameof(DualInterfaces))]
    public void Each_slot_reaches_the_member_of_the_contract(InterfaceDefinition definition)
    {
        nint address = GetInterface(UnimplementedServers.Create(definition.Name), new Guid(definition.Iid));
        try
        {
            foreach (MemberDefinition member in definition.Members)
            {
                reported = null;
                Assert.That(Call(address, member.Slot!.Value), Is.EqualTo(NotImplemented), $"slot {member.Slot}");
                Assert.That(reported, Is.TypeOf<MemberNotImplementedException>(), $"slot {member.Slot}");
                Assert.That(
                    reported!.Message,
                    Is.EqualTo(new MemberNotImplementedException(definition.Name, member.VtableName).Message),
                    $"slot {member.Slot}");
            }
        }
        finally
        {
            Marshal.Release(address);
        }
    }

    [TestCaseSource(nameof(DualInterfaces))]
    public void Late_bound_calls_reach_the_interface_that_the_object_serves(InterfaceDefinition definition) =>
        Assert.That(UnimplementedServers.Create(definition.Name).DispatchInterfaceId, Is.EqualTo(new Guid(definition.Iid)));

    private nint GetInterface(object served, Guid interfaceId)
    {
        nint unknown = wrappers.GetOrCreateComInterfaceForObject(served, CreateComInterfaceFlags.None);
        try
        {
            Marshal.ThrowExceptionForHR(Marshal.QueryInterface(unknown, interfaceId, out nint address));
            return address;
        }
        finally
        {
            Marshal.Release(unknown);
        }
    }

    /// <summary>Calls a slot with more zero arguments than any member has; a 64-bit callee takes those it knows.</summary>
    private static int Call(nint address, int slot)
    {
        delegate* unmanaged<nint, nint, nint, nint, nint, nint, nint, nint, nint, nint, nint, nint, nint, int> function =
            (delegate* unmanaged<nint, nint, nint, nint, nint, nint, nint, nint, nint, nint, nint, nint, nint, int>)
            (*(nint**)address)[slot];
        ComVariant noVariant = default;
        // On Windows a VARIANT is passed by the address of a copy, elsewhere on the stack, where zeros are an empty one.
        nint argument = OperatingSystem.IsWindows() ? (nint)(&noVariant) : 0;
        return function(address, 0, argument, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }
}
