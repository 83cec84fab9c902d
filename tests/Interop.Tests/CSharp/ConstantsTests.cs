using System.Reflection;
using System.Runtime.InteropServices;
using VpcComApi.ContractGenerator.Model;

namespace VpcComApi.Interop.Tests.CSharp;

/// <summary>Enumerations, codes, identifiers and words are the contract's.</summary>
[TestFixture]
public sealed class ConstantsTests
{
    private static readonly Assembly Interop = typeof(IDispatch).Assembly;

    [Test]
    public void Every_enumeration_has_the_contracts_identifier_names_and_values()
    {
        foreach (EnumDefinition definition in ContractSource.Contract.Enums)
        {
            Type type = Interop.GetType($"VpcComApi.Interop.{definition.Name}", throwOnError: true)!;

            Assert.That(type.GetEnumUnderlyingType(), Is.EqualTo(typeof(int)), definition.Name);
            Assert.That(type.GUID, Is.EqualTo(new Guid(definition.Uuid)), definition.Name);
            Assert.That(
                Enum.GetNames(type).ToDictionary(name => name, name => (int)Enum.Parse(type, name)),
                Is.EquivalentTo(definition.Members.ToDictionary(member => member.Name, member => member.Value)),
                definition.Name);
        }
    }

    [Test]
    public void Every_HRESULT_has_the_contracts_value()
    {
        Contract contract = ContractSource.Contract;
        IEnumerable<HResultDefinition> all =
            contract.Hresults.Concat(contract.HresultsDocsOnly).Concat(contract.DocumentedStandardHresults);
        Dictionary<string, int> expected = all.ToDictionary(
            hresult => hresult.Name.Replace('(', '_').TrimEnd(')'),
            hresult => unchecked((int)Convert.ToUInt32(hresult.Value, 16)));

        Assert.That(ConstantsOf(typeof(HResults)), Is.EquivalentTo(expected));
    }

    [Test]
    public void Every_class_has_the_contracts_identifier() =>
        Assert.That(
            GuidsOf(typeof(Clsids)),
            Is.EquivalentTo(ContractSource.Contract.Coclasses.ToDictionary(coclass => coclass.Name, coclass => new Guid(coclass.Clsid))));

    [Test]
    public void Every_interface_has_the_contracts_identifier() =>
        Assert.That(
            GuidsOf(typeof(Iids)),
            Is.EquivalentTo(
                ContractSource.Contract.Interfaces.ToDictionary(definition => definition.Name, definition => new Guid(definition.Iid))));

    [Test]
    public void The_library_has_the_contracts_name_identifier_and_version()
    {
        Assert.That(Libid.VirtualPC, Is.EqualTo(new Guid("cef63746-ad34-42d0-9138-39d83ecb77cb")));
        Assert.That(Libid.Name, Is.EqualTo("VirtualPC"));
        Assert.That((Libid.MajorVersion, Libid.MinorVersion), Is.EqualTo(((ushort)1, (ushort)0)));
    }

    [Test]
    public void Scripts_create_the_application_as_VirtualPC_Application() =>
        Assert.That(ProgIds.VMVirtualPC, Is.EqualTo("VirtualPC.Application"));

    [Test]
    public void Every_event_has_the_contracts_number()
    {
        foreach (InterfaceDefinition definition in ContractSource.Contract.EventInterfaces)
        {
            Type type = Interop.GetType($"VpcComApi.Interop.{definition.Name["IVM".Length..]}DispIds", throwOnError: true)!;

            Assert.That(type.GetProperty("InterfaceId")!.GetValue(null), Is.EqualTo(new Guid(definition.Iid)), definition.Name);
            Assert.That(
                ConstantsOf(type),
                Is.EquivalentTo(definition.Members.ToDictionary(member => member.Name, member => member.Dispid)),
                definition.Name);
        }
    }

    [Test]
    public void The_keyboard_accepts_the_contracts_key_names()
    {
        KeySequenceDefinition expected = ContractSource.Contract.KeySequences;

        Assert.That(KeyTokens.Keys, Is.EqualTo(expected.Keys));
        Assert.That(KeyTokens.Modifiers, Is.EqualTo(expected.Modifiers));
        Assert.That(ConstantOf(typeof(KeyTokens), nameof(KeyTokens.Separator)), Is.EqualTo(expected.Separator));
        Assert.That(ConstantOf(typeof(KeyTokens), nameof(KeyTokens.HoldPauseMilliseconds)), Is.EqualTo(expected.HoldPauseMilliseconds));
    }

    [Test]
    public void The_structure_has_the_contracts_size_and_offsets()
    {
        StructDefinition expected = ContractSource.Contract.Structs.Single();

        Assert.That(expected.Name, Is.EqualTo(nameof(GUESTOSVERSIONINFOEX)));
        Assert.That(Marshal.SizeOf<GUESTOSVERSIONINFOEX>(), Is.EqualTo(expected.Size));
        foreach (StructField field in expected.Fields)
        {
            Assert.That((int)Marshal.OffsetOf<GUESTOSVERSIONINFOEX>(field.Name), Is.EqualTo(field.Offset), field.Name);
        }
    }

    private static Dictionary<string, int> ConstantsOf(Type type) =>
        type.GetFields().Where(field => field.IsLiteral).ToDictionary(field => field.Name, field => (int)field.GetRawConstantValue()!);

    private static object? ConstantOf(Type type, string name) => type.GetField(name)!.GetRawConstantValue();

    private static Dictionary<string, Guid> GuidsOf(Type type) =>
        type.GetProperties().ToDictionary(property => property.Name, property => (Guid)property.GetValue(null)!);
}
