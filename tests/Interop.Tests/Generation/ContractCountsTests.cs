using VpcComApi.ContractGenerator.Model;

namespace VpcComApi.Interop.Tests.Generation;

/// <summary>
/// The contract is complete: a part that is missing in the source would be missing in all generated forms without a difference.
/// </summary>
[TestFixture]
public sealed class ContractCountsTests
{
    [Test]
    public void It_has_34_interfaces_of_which_30_are_dual_and_4_carry_events()
    {
        Assert.That(ContractSource.Contract.DualInterfaces.Count(), Is.EqualTo(30));
        Assert.That(ContractSource.Contract.EventInterfaces.Count(), Is.EqualTo(4));
    }

    [TestCase("method", 86)]
    [TestCase("propget", 201)]
    [TestCase("propput", 23)]
    [TestCase("event", 20)]
    public void It_has_the_known_number_of_members_of_each_kind(string kind, int expected) =>
        Assert.That(
            ContractSource.Contract.Interfaces.SelectMany(definition => definition.Members).Count(m => m.Kind == kind),
            Is.EqualTo(expected));

    [Test]
    public void It_has_the_known_number_of_everything_else()
    {
        Contract contract = ContractSource.Contract;
        Assert.Multiple(() =>
        {
            Assert.That(contract.Enums, Has.Count.EqualTo(24));
            Assert.That(contract.Enums.Sum(definition => definition.Members.Count), Is.EqualTo(124));
            Assert.That(contract.Structs, Has.Count.EqualTo(1));
            Assert.That(contract.Coclasses, Has.Count.EqualTo(19));
            Assert.That(contract.Hresults, Has.Count.EqualTo(85));
            Assert.That(contract.HresultsDocsOnly, Has.Count.EqualTo(1));
            Assert.That(contract.KeySequences.Keys, Has.Count.EqualTo(103));
            Assert.That(contract.Constants, Has.Count.EqualTo(2));
        });
    }

    [Test]
    public void The_slots_of_each_dual_interface_follow_IDispatch_without_a_gap()
    {
        const int FirstOwnSlot = 7;
        foreach (InterfaceDefinition definition in ContractSource.Contract.DualInterfaces)
        {
            Assert.That(
                definition.Members.Select(member => member.Slot),
                Is.EqualTo(Enumerable.Range(FirstOwnSlot, definition.Members.Count)),
                definition.Name);
        }
    }
}
