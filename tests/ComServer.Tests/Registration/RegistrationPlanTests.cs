using VpcComApi.ComServer.Registration;
using VpcComApi.Interop;

namespace VpcComApi.ComServer.Tests.Registration;

[TestFixture]
internal sealed class RegistrationPlanTests
{
    private const string ServerFile = @"C:\Program Files\Virtual PC\vpc.exe";
    private const string Class = @"CLSID\{9A1774B7-8251-4468-A214-61DCAED9AC2F}";

    private static readonly string[] SeparateBranches = ["CLSID", "Interface"];

    private static readonly RegistrationPlan Plan = RegistrationPlan.For(ServerFile, [1], [2]);

    [Test]
    public void The_path_of_the_server_is_quoted()
    {
        Assert.That(Value($@"{Class}\LocalServer32", ""), Is.EqualTo($"\"{ServerFile}\""));
        Assert.That(Value($@"{Class}\LocalServer32", "ServerExecutable"), Is.EqualTo(ServerFile));
    }

    [TestCase("VirtualPC.Application")]
    [TestCase("VirtualPC.Application.1")]
    public void Both_ProgIDs_lead_to_the_class(string progId) =>
        Assert.That(Value($@"{progId}\CLSID", ""), Is.EqualTo("{9A1774B7-8251-4468-A214-61DCAED9AC2F}"));

    [Test]
    public void The_class_leads_to_its_ProgIDs_and_its_application()
    {
        Assert.That(Value($@"{Class}\ProgID", ""), Is.EqualTo("VirtualPC.Application.1"));
        Assert.That(Value($@"{Class}\VersionIndependentProgID", ""), Is.EqualTo("VirtualPC.Application"));
        Assert.That(Value("VirtualPC.Application\\CurVer", ""), Is.EqualTo("VirtualPC.Application.1"));
        Assert.That(Value(Class, "AppID"), Is.EqualTo(RegistrationPlan.ApplicationId));
        Assert.That(Value(@"AppID\vpc.exe", "AppID"), Is.EqualTo(RegistrationPlan.ApplicationId));
    }

    [Test]
    public void The_type_library_is_found_by_both_kinds_of_programs([Values("win32", "win64")] string platform) =>
        Assert.That(
            Value($@"TypeLib\{{CEF63746-AD34-42D0-9138-39D83ECB77CB}}\1.0\0\{platform}", ""),
            Is.EqualTo(@"C:\Program Files\Virtual PC\VirtualPC.tlb"));

    [Test]
    public void Every_interface_has_its_marshaller_and_its_type_library()
    {
        Assert.Multiple(() =>
        {
            foreach (ContractInterface contract in ContractInterfaces.All)
            {
                string key = $@"Interface\{contract.InterfaceId.ToString("B").ToUpperInvariant()}";
                Assert.That(Value(key, ""), Is.EqualTo(contract.Name));
                Assert.That(
                    Value($@"{key}\ProxyStubClsid32", ""),
                    Is.EqualTo(contract.IsDual ? "{00020424-0000-0000-C000-000000000046}" : "{00020420-0000-0000-C000-000000000046}"));
                Assert.That(Value($@"{key}\TypeLib", ""), Is.EqualTo("{CEF63746-AD34-42D0-9138-39D83ECB77CB}"));
                Assert.That(Value($@"{key}\TypeLib", "Version"), Is.EqualTo("1.0"));
            }
        });
    }

    [Test]
    public void Only_classes_and_interfaces_are_kept_apart_for_32_bit_programs() =>
        Assert.That(
            Plan.Keys.Where(key => key.IsInBothViews).Select(key => key.Path.Split('\\')[0]).Distinct(),
            Is.EquivalentTo(SeparateBranches));

    [Test]
    public void What_is_removed_covers_all_that_is_written_and_nothing_that_others_share()
    {
        RegistrationKey[] roots = [.. Plan.Roots];

        Assert.That(Plan.Keys, Has.All.Matches<RegistrationKey>(key => roots.Contains(key!) || roots.Any(key!.IsBelow)));
        Assert.That(
            roots.Select(root => root.Path),
            Has.None.AnyOf("CLSID", "Interface", "TypeLib", "AppID").IgnoreCase,
            "Whole branches belong to all programs.");
        Assert.That(roots, Has.Length.EqualTo(2 + 1 + 2 + 1 + ContractInterfaces.All.Count));
    }

    private static object Value(string path, string name) =>
        Plan.Keys.Single(key => key.Path == path).Values.Single(value => value.Name == name).Data;
}
