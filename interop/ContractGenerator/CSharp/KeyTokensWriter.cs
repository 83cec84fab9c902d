using VpcComApi.ContractGenerator.Model;

namespace VpcComApi.ContractGenerator.CSharp;

/// <summary>Writes the words of IVMKeyboard.</summary>
internal static class KeyTokensWriter
{
    public static IEnumerable<GeneratedFile> Write(Contract contract)
    {
        KeySequenceDefinition definition = contract.KeySequences;
        yield return CSharpFile.Create(
            "KeyTokens",
            [],
            writer =>
            {
                XmlDoc.Summary(writer, "The words that IVMKeyboard understands: names of keys, and the modifiers of a key sequence.");
                writer.Line("public static class KeyTokens");
                writer.Block(() =>
                {
                    XmlDoc.Summary(writer, "Stands between two words of a key sequence.");
                    writer.Line($"public const string Separator = \"{definition.Separator}\";");
                    writer.Line();
                    XmlDoc.Summary(writer, "How long the modifier HOLD pauses, in milliseconds.");
                    writer.Line($"public const int HoldPauseMilliseconds = {definition.HoldPauseMilliseconds};");
                    writer.Line();
                    WriteList(writer, "Keys", $"The names of the {definition.Keys.Count} keys.", definition.Keys);
                    writer.Line();
                    WriteList(writer, "Modifiers", "What can be done with a key other than to press and release it.", definition.Modifiers);
                });
            });
    }

    private static void WriteList(SourceWriter writer, string name, string summary, IEnumerable<string> words)
    {
        XmlDoc.Summary(writer, summary);
        writer.Line($"public static IReadOnlyList<string> {name} {{ get; }} =");
        writer.Line("[");
        writer.Indented(() =>
        {
            foreach (string word in words)
            {
                writer.Line($"\"{word}\",");
            }
        });
        writer.Line("];");
    }
}
