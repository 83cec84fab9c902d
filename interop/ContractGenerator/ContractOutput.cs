using VpcComApi.ContractGenerator.CSharp;
using VpcComApi.ContractGenerator.Idl;
using VpcComApi.ContractGenerator.Model;

namespace VpcComApi.ContractGenerator;

/// <summary>Everything that is generated from the contract.</summary>
public static class ContractOutput
{
    /// <summary>The folder whose C# files all come from the generator, relative to the folder `interop`.</summary>
    public const string CSharpFolder = "Interop/Generated";

    /// <summary>Creates all files in memory; the same contract always results in the same files.</summary>
    public static IReadOnlyList<GeneratedFile> Generate(Contract contract) =>
    [
        new("VirtualPC.idl", IdlWriter.Write(contract)),
        .. EnumWriter.Write(contract),
        .. StructWriter.Write(contract),
        .. InterfaceWriter.Write(contract),
        .. ServerBaseWriter.Write(contract),
        .. EventWriter.Write(contract),
        .. HResultsWriter.Write(contract),
        .. IdentifiersWriter.Write(contract),
        .. KeyTokensWriter.Write(contract),
        .. ContractDataWriter.Write(contract),
    ];
}
