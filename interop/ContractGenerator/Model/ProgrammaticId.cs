namespace VpcComApi.ContractGenerator.Model;

/// <summary>A ProgID and the coclass it names.</summary>
public sealed record ProgrammaticId(string Progid, string Coclass);
