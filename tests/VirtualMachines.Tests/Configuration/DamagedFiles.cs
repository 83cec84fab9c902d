using System.Text;
using VpcComApi.VirtualMachines.Configuration;

namespace VpcComApi.VirtualMachines.Tests.Configuration;

/// <summary>Files that are not valid configurations, for different reasons.</summary>
internal static class DamagedFiles
{
    /// <summary>All of them, with their names.</summary>
    public static IEnumerable<TestCaseData> All()
    {
        yield return Case("empty", []);
        yield return Case("zeroes", new byte[4096]);
        yield return Case("noise", Enumerable.Range(0, 999).Select(i => (byte)(i * 31)).ToArray());
        yield return Case("byte order mark alone", [0xFF, 0xFE]);
        yield return Case("half a UTF-16 unit", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("<preferences/>"), 0x20]);
        yield return Case(
            "lone surrogate", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("<preferences>"), 0x00, 0xD8, 0x3C, 0x00]);
        yield return Case("bad UTF-8", [.. "<preferences>"u8, 0xC3, 0x28, .. "</preferences>"u8]);
        yield return Text("cut off", "<preferences><hardware><memory><ram_size type=\"integer\">51");
        yield return Text("two roots", "<preferences/><preferences/>");
        yield return Text("other root", "<vm_description/>");
        yield return Text("root in a namespace", "<preferences xmlns=\"urn:x\"/>");
        yield return Text("plain text", "this is not XML");
        yield return Text("undeclared entity", "<preferences>&nbsp;</preferences>");
        yield return Text("document type", "<!DOCTYPE preferences [<!ENTITY a \"b\">]><preferences>&a;</preferences>");
        yield return Text(
            "a billion laughs",
            "<!DOCTYPE p [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;\">]><preferences>&c;</preferences>");
        yield return Text("external entity", "<!DOCTYPE p [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><preferences>&x;</preferences>");
        yield return Text("control character", "<preferences>\u0001</preferences>");
        yield return Text("doubled attribute", "<preferences><a type=\"string\" type=\"integer\">1</a></preferences>");
        yield return Text("too deep", "<preferences>" + Nested(XmlValueDocument.MaximumDepth + 1) + "</preferences>");
        yield return Text("far too deep", "<preferences>" + Nested(50_000) + "</preferences>");
        yield return Text(
            "too many nodes",
            "<preferences>" + string.Concat(Enumerable.Repeat("<a/>", XmlValueDocument.MaximumNodes + 1)) + "</preferences>");
        yield return Text("too large", "<preferences>" + new string(' ', XmlValueDocument.MaximumBytes) + "</preferences>");
    }

    private static string Nested(int depth) =>
        string.Concat(Enumerable.Repeat("<a>", depth)) + string.Concat(Enumerable.Repeat("</a>", depth));

    private static TestCaseData Text(string name, string text) => Case(name, Encoding.UTF8.GetBytes(text));

    private static TestCaseData Case(string name, byte[] content) => new TestCaseData(content).SetArgDisplayNames(name);
}
