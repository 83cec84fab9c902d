using VpcComApi.GuestServices.Facts;

namespace VpcComApi.GuestServices.Tests;

public sealed class UnixFactsTests
{
    [TestCase("PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"", "Debian GNU/Linux 12 (bookworm)")]
    [TestCase("PRETTY_NAME='Alpine Linux v3.20'", "Alpine Linux v3.20")]
    [TestCase("PRETTY_NAME=Plain", "Plain")]
    [TestCase("PRETTY_NAME=\"\"", null)]
    [TestCase("NAME=\"Debian\"", null)]
    public void A_distribution_s_name_is_read_from_its_release_file(string line, string? name) =>
        Assert.That(UnixFacts.NameIn(["ID=x", line, "VERSION_ID=1"]), Is.EqualTo(name));
}
