using VpcComApi.ComServer.Registration;
using VpcComApi.ComServer.Verification;
using VpcComApi.Interop;

namespace VpcComApi.ComServer.Tests.Verification;

[TestFixture]
internal sealed class VerificationSessionTests
{
    [Test]
    public void A_run_is_found_again_by_each_of_its_ProgIDs()
    {
        VerificationSession session = VerificationSession.New();

        foreach (string progId in (string[])[session.ProgId, session.ForThisUser.ProgId, session.ProgId.ToUpperInvariant()])
        {
            Assert.That(VerificationSession.TryParseProgId(progId, out VerificationSession? found), Is.True);
            Assert.That(found, Is.EqualTo(session));
        }
    }

    [TestCase("VpcComApi.Verification.")]
    [TestCase("VpcComApi.Verification.no-number")]
    [TestCase("VirtualPC.Application")]
    public void What_no_run_has_registered_is_left_alone(string progId) =>
        Assert.That(VerificationSession.TryParseProgId(progId, out _), Is.False);

    [Test]
    public void Its_classes_differ_from_each_other_from_other_runs_and_from_the_products()
    {
        VerificationSession[] sessions = [VerificationSession.New(), VerificationSession.New()];
        IEnumerable<Guid> classes = sessions.SelectMany(
            session => session.Classes.Concat(session.ForThisUser.Classes));

        Assert.That(classes.Append(Clsids.VMVirtualPC), Is.Unique);
    }

    [Test]
    public void Its_keys_touch_nothing_of_the_products_registration()
    {
        const string Server = @"C:\Program Files\vpc\vpc.exe";
        RegistrationPlan product = RegistrationPlan.For(Server, [1], [2]);
        RegistrationPlan run = RegistrationPlan.ForVerification(
            "VpcComApi.Verification.1", @"C:\Temp\run", Server, [(Guid.NewGuid(), "/VerificationServer 1")], [1], [2]);

        Assert.That(
            run.Keys.Select(key => key.Path).Intersect(product.Keys.Select(key => key.Path), StringComparer.OrdinalIgnoreCase), Is.Empty);
        Assert.That(run.Keys[0].Path, Is.EqualTo("VpcComApi.Verification.1"), "What is written first is what leftovers are found by.");
        Assert.That(
            run.Keys.Single(key => key.Path.EndsWith("LocalServer32", StringComparison.Ordinal)).Values[0].Data,
            Is.EqualTo($"\"{Server}\" /VerificationServer 1"));
    }

    [Test]
    public void A_run_of_another_user_is_looked_for_in_the_folder_that_its_registration_names()
    {
        VerificationSession mine = VerificationSession.New();
        string elsewhere = $@"C:\Users\other\AppData\Local\Temp\vpc-verify-{mine.Id:N}";
        RegistrationPlan plan = RegistrationPlan.ForVerification(
            mine.ProgId, elsewhere, @"C:\vpc.exe", [(mine.ServedClass, string.Empty)], [1], [2]);
        Assert.That(plan.Keys[0].Values, Does.Contain(new RegistrationValue(RegistrationPlan.VerificationFolder, elsewhere)));

        Assert.That(mine.At(elsewhere), Is.EqualTo(mine with { Folder = elsewhere }));
        foreach (string? other in (string?[])
            [
                null, string.Empty, @"C:\Users\other", $@"C:\vpc-verify-{Guid.NewGuid():N}", elsewhere + @"\below",
            ])
        {
            Assert.That(mine.At(other), Is.EqualTo(mine), other ?? "no folder");
        }
    }

    [Test]
    public void Every_check_has_a_name_of_its_own_that_docs_vpc_explains()
    {
        string page = File.ReadAllText(Path.Combine(TestSupport.RepositoryPaths.Root, "docs", "vpc.md"));
        string[] documented =
            [.. page.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split('`')[1])];

        string[] names = [.. CheckNames()];

        Assert.That(names, Is.Unique);
        Assert.That(names, Is.SubsetOf(documented));
    }

    /// <summary>Read off the types: a run of its own is more than a name needs.</summary>
    private static IEnumerable<string> CheckNames() => typeof(IVerificationCheck).Assembly.GetTypes()
        .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IVerificationCheck)))
        .Select(type => ((IVerificationCheck)System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(type)).Name);
}
