using VpcComApi.ContractGenerator.Model;

namespace VpcComApi.ContractGenerator.CSharp;

/// <summary>Writes the HRESULTs that the contract names.</summary>
internal static class HResultsWriter
{
    public static IEnumerable<GeneratedFile> Write(Contract contract)
    {
        yield return CSharpFile.Create(
            "HResults",
            [],
            writer =>
            {
                XmlDoc.Summary(writer, "The HRESULTs that members of the contract are documented to answer.");
                writer.Line("public static class HResults");
                writer.Block(() => writer.Separated(
                    [.. contract.DocumentedStandardHresults, .. contract.Hresults, .. contract.HresultsDocsOnly],
                    hresult =>
                    {
                        XmlDoc.Summary(writer, $"{hresult.Name}, {hresult.Value}.");
                        writer.Line($"public const int {ConstantName(hresult.Name)} = unchecked((int){hresult.Value});");
                    }));
            });
    }

    /// <summary>HRESULT_FROM_WIN32(ERROR_NOT_READY) becomes HRESULT_FROM_WIN32_ERROR_NOT_READY; other names stay.</summary>
    private static string ConstantName(string name) =>
        name.Replace('(', '_').Replace(")", "", StringComparison.Ordinal);
}
