using System.Text.Json;
using VpcComApi.ContractGenerator.Model;
using VpcComApi.TestSupport;
using VpcComApi.TypeLibraryReader;

namespace VpcComApi.Interop.Tests.TypeLibrary;

/// <summary>
/// The type library, made by the platform's IDL compiler and read back through ITypeLib and ITypeInfo, says what the contract says: nothing
/// more, nothing less, nothing else.
/// </summary>
[TestFixture]
public sealed class TypeLibraryTests
{
    private LibraryDescription library = null!;

    [OneTimeSetUp]
    public async Task ReadLibrary()
    {
        ToolRequirement.Require(ExternalTool.Wine);
        using BuiltContract built = await BuiltContract.MakeAsync();
        await using WineEnvironment wine = await WineEnvironment.CreateAsync();
        ProgramResult result = await wine.RunAsync(
            PublishedProducts.TestTool("TypeLibraryReader"), [wine.ToWindowsPath(built.TypeLibrary)]);
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        library = JsonSerializer.Deserialize(result.Output, DescriptionJson.Default.LibraryDescription)!;
    }

    [Test]
    public void It_carries_the_contracts_name_identifier_version_and_no_language()
    {
        TypeLibraryDefinition expected = ContractSource.Contract.TypeLibrary;

        Assert.That(
            (library.Name, library.Libid, library.MajorVersion, library.MinorVersion, library.LocaleId),
            Is.EqualTo((expected.Name, new Guid(expected.Libid), expected.Major, expected.Minor, 0)));
    }

    [Test]
    public void It_holds_the_contracts_types_and_no_others() =>
        Assert.That(LibraryFacts.Types(library), Is.EquivalentTo(ContractFacts.Types(ContractSource.Contract)));

    [Test]
    public void Its_vtables_are_the_contracts() =>
        Assert.That(LibraryFacts.VtableMembers(library), Is.EquivalentTo(ContractFacts.VtableMembers(ContractSource.Contract)));

    [Test]
    public void Its_late_bound_members_are_the_contracts() =>
        Assert.That(LibraryFacts.DispatchMembers(library), Is.EquivalentTo(ContractFacts.DispatchMembers(ContractSource.Contract)));

    [Test]
    public void Its_parameters_have_the_contracts_names() =>
        Assert.That(
            LibraryFacts.ParameterNames(library),
            Is.EquivalentTo(ContractFacts.ParameterNames(ContractSource.Contract)).Using(
                (IEqualityComparer<string>)StringComparer.OrdinalIgnoreCase),
            "Case is ignored: a type library stores one spelling of each name.");

    [Test]
    public void Its_enumerations_have_the_contracts_values() =>
        Assert.That(LibraryFacts.EnumMembers(library), Is.EquivalentTo(ContractFacts.EnumMembers(ContractSource.Contract)));

    [Test]
    public void Its_structure_has_the_contracts_fields() =>
        Assert.That(LibraryFacts.Fields(library), Is.EquivalentTo(ContractFacts.Fields(ContractSource.Contract)));

    [Test]
    public void Its_classes_have_the_contracts_interfaces() =>
        Assert.That(
            LibraryFacts.ImplementedInterfaces(library), Is.EquivalentTo(ContractFacts.ImplementedInterfaces(ContractSource.Contract)));
}
