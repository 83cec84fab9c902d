using VpcComApi.ContractGenerator.Model;

namespace VpcComApi.Interop.Tests.CSharp;

/// <summary>
/// The C# type for a type of the contract. Written independently of the generator's table, which is checked against it.
/// </summary>
internal static class ExpectedType
{
    /// <summary>The type of a parameter or result, without the by-reference of an out parameter.</summary>
    public static Type Of(ParameterDefinition parameter) => parameter.Type.TrimEnd('*') switch
    {
        "BSTR" => typeof(string),
        "DATE" => typeof(DateTime),
        "GUESTOSVERSIONINFOEX" => typeof(nint),
        "IUnknown" => typeof(object),
        "VARIANT" => typeof(object),
        "VARIANT_BOOL" => typeof(bool),
        "long" => typeof(int),
        "unsigned long[3072]" => typeof(nint),
        var name => typeof(IDispatch).Assembly.GetType($"VpcComApi.Interop.{name}", throwOnError: true)!,
    };
}
