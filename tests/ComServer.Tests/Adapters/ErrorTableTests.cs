using VpcComApi.ComServer.Adapters;
using VpcComApi.VirtualMachines;

namespace VpcComApi.ComServer.Tests.Adapters;

[TestFixture]
internal sealed class ErrorTableTests
{
    [Test]
    public void Every_refusal_of_the_domain_has_an_HRESULT() =>
        Assert.That(ErrorTable.Known, Is.EquivalentTo(Enum.GetValues<VirtualMachineError>()));

    [Test]
    public void Every_HRESULT_is_a_failure() =>
        Assert.That(ErrorTable.Known.Select(ErrorTable.HResultOf), Is.All.Negative);

    // Signed 32-bit numbers as clients of the original compare them.
    [TestCase(VirtualMachineError.InvalidArgument, 0x80070057)]
    [TestCase(VirtualMachineError.MissingArgument, 0x80004003)]
    [TestCase(VirtualMachineError.NotPossibleNow, 0x80004005)]
    [TestCase(VirtualMachineError.BadIndex, 0x8002000B)]
    [TestCase(VirtualMachineError.MachineNotRunning, 0xA0040206)]
    [TestCase(VirtualMachineError.MachineUnknown, 0xA0040207)]
    [TestCase(VirtualMachineError.ChannelNotReady, 0x80070015)]
    [TestCase(VirtualMachineError.AlreadyExists, 0x800700B7)]
    [TestCase(VirtualMachineError.ChannelsClosing, 0x800700E7)]
    [TestCase(VirtualMachineError.TooManyChannels, 0x80070161)]
    [TestCase(VirtualMachineError.RevisionMismatch, 0x8007051A)]
    [TestCase(VirtualMachineError.ConnectionRefused, 0x800704C9)]
    [TestCase(VirtualMachineError.Unexpected, 0x80020009)]
    public void A_refusal_has_the_code_that_the_contract_gives_it(VirtualMachineError error, long code) =>
        Assert.That(ErrorTable.HResultOf(error), Is.EqualTo(unchecked((int)code)));
}
