using VpcComApi.ContractGenerator;
using VpcComApi.ContractGenerator.Model;
using VpcComApi.TestSupport;

namespace VpcComApi.Interop.Tests;

/// <summary>The contract that every form is compared with.</summary>
internal static class ContractSource
{
    /// <summary>The folder that holds the contract and its forms.</summary>
    public static string InteropFolder => Path.Combine(RepositoryPaths.Root, "interop");

    /// <summary>The contract.</summary>
    public static Contract Contract { get; } = ContractReader.Read(Path.Combine(InteropFolder, "contract", "vpc-api.json"));
}
