namespace VpcComApi.Interop.Tests.CSharp;

/// <summary>The contract as C# data, from which registration and tables are made, is the contract.</summary>
[TestFixture]
public sealed class ContractDataTests
{
    [Test]
    public void The_members_are_the_contracts()
    {
        IEnumerable<(string, string, string, ContractMemberKind, int, int?)> expected =
            from definition in ContractSource.Contract.Interfaces
            from member in definition.Members
            select (definition.Name, member.Name, member.VtblName ?? member.Name, KindOf(member.Kind), member.Dispid, member.Slot);

        Assert.That(
            ContractMembers.All.Select(m => (m.InterfaceName, m.Name, m.VtableName, m.Kind, m.DispId, m.Slot)),
            Is.EqualTo(expected));
    }

    [Test]
    public void The_interfaces_are_the_contracts() =>
        Assert.That(
            ContractInterfaces.All.Select(i => (i.Name, i.InterfaceId, i.IsDual, i.IsHidden)),
            Is.EqualTo(ContractSource.Contract.Interfaces.Select(i => (i.Name, new Guid(i.Iid), i.Kind == "dual", i.Hidden))));

    [Test]
    public void The_classes_are_the_contracts()
    {
        Dictionary<string, Guid> identifiers = ContractSource.Contract.Interfaces.ToDictionary(
            definition => definition.Name, definition => new Guid(definition.Iid));
        IEnumerable<ContractCoclass> expected = ContractSource.Contract.Coclasses.Select(c => new ContractCoclass(
            c.Name,
            new Guid(c.Clsid),
            identifiers[c.DefaultInterface],
            c.DefaultSourceInterface is null ? null : identifiers[c.DefaultSourceInterface],
            c.Creatable,
            c.Appobject,
            c.Predeclid));

        Assert.That(ContractCoclasses.All, Is.EqualTo(expected));
    }

    private static ContractMemberKind KindOf(string kind) => kind switch
    {
        "method" => ContractMemberKind.Method,
        "propget" => ContractMemberKind.PropertyGet,
        "propput" => ContractMemberKind.PropertyPut,
        "event" => ContractMemberKind.Event,
        _ => throw new InvalidDataException($"The contract has a member of the kind '{kind}'."),
    };
}
