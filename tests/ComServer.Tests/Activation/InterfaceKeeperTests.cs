using System.Runtime.InteropServices;
using VpcComApi.ComServer.Activation;
using VpcComApi.Interop;

namespace VpcComApi.ComServer.Tests.Activation;

[TestFixture]
internal sealed class InterfaceKeeperTests
{
    /// <summary>IMarshal: an object that has it is not marshalled by COM itself.</summary>
    private static readonly Guid Marshaling = new("00000003-0000-0000-C000-000000000046");

    [Test]
    public void It_answers_for_its_interfaces_and_for_no_other()
    {
        InterfaceKeeper keeper = new(ContractInterfaces.All.Select(known => known.InterfaceId).ToHashSet());

        Assert.That(ContractInterfaces.All.Select(known => Ask(keeper, known.InterfaceId)), Is.All.EqualTo(HResults.S_OK));
        Assert.That(Ask(keeper, Marshaling), Is.Negative);
        Assert.That(Ask(keeper, typeof(IExternalConnection).GUID), Is.Negative, "It must not keep the server running.");
    }

    private static int Ask(InterfaceKeeper keeper, Guid interfaceId)
    {
        int result = ComObjects.QueryInterface(keeper, interfaceId, out nint reference);
        if (result >= 0)
        {
            Marshal.Release(reference);
        }

        return result;
    }
}
