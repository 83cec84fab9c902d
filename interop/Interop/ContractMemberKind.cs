namespace VpcComApi.Interop;

/// <summary>The kinds of members of the contract.</summary>
public enum ContractMemberKind
{
    /// <summary>A method.</summary>
    Method,

    /// <summary>Reads a property.</summary>
    PropertyGet,

    /// <summary>Writes a property.</summary>
    PropertyPut,

    /// <summary>An event that the server fires into a sink.</summary>
    Event,
}
