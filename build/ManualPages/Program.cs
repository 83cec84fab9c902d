using System.Globalization;
using VpcComApi.ManualPages;

if (args is not [string repository, string folder, string version, string seconds, .. { Length: <= 1 } suffix]
    || !long.TryParse(seconds, CultureInfo.InvariantCulture, out long time))
{
    Console.Error.WriteLine(
        """
        usage: ManualPages REPOSITORY FOLDER VERSION TIME [SUFFIX]
        Writes vpcctl.1 and vmsrvc.8SUFFIX into FOLDER. TIME is the pages' date, in seconds since 1970.
        SUFFIX tells apart the pages of one name in two packages that can be installed side by side.
        """);
    return 2;
}

PageEdition edition = new(version, DateTimeOffset.FromUnixTimeSeconds(time));
foreach (ManualPage page in Manual.PagesOf(repository, suffix.FirstOrDefault() ?? string.Empty))
{
    File.WriteAllText(Path.Combine(folder, page.FileName), page.Write(edition));
}

return 0;
