using System.Text.Json;
using VpcComApi.ContractGenerator.Model;

namespace VpcComApi.ContractGenerator;

/// <summary>Reads the contract from its JSON form.</summary>
public static class ContractReader
{
    private const string Schema = "wvpc-com-contract/1";

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectNullableAnnotations = true,
    };

    /// <summary>Reads the contract.</summary>
    /// <param name="path">The file `vpc-api.json`.</param>
    /// <exception cref="InvalidDataException">The file is not a contract in the schema that this generator understands.</exception>
    public static Contract Read(string path)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(path));
        string? schema = document.RootElement.GetProperty("schema").GetString();
        if (schema != Schema)
        {
            throw new InvalidDataException($"{path} has the schema '{schema}'; this generator understands '{Schema}'.");
        }

        return document.RootElement.Deserialize<Contract>(Options)
            ?? throw new InvalidDataException($"{path} holds no contract.");
    }
}
