using VpcComApi.ContractGenerator.Model;

namespace VpcComApi.ContractGenerator.CSharp;

/// <summary>The C# type and the marshalling of a parameter.</summary>
internal static class CSharpType
{
    /// <summary>The C# type.</summary>
    /// <param name="parameter">The parameter or result.</param>
    /// <param name="nullable">Whether a text or an interface may be null, which callers can always pass.</param>
    public static string Of(ParameterDefinition parameter, bool nullable)
    {
        string mark = nullable ? "?" : "";
        if (IsCallerAllocated(parameter))
        {
            return "nint";
        }

        return parameter.Category switch
        {
            "enum" => parameter.BaseType,
            "interface" when parameter.BaseType == "IUnknown" => $"object{mark}",
            "interface" => $"{parameter.BaseType}{mark}",
            "struct" => "nint",
            "automation" => parameter.BaseType switch
            {
                "BSTR" => $"string{mark}",
                "DATE" => "DateTime",
                "long" => "int",
                "VARIANT" => "object?",
                "VARIANT_BOOL" => "bool",
                _ => throw Unknown(parameter),
            },
            _ => throw Unknown(parameter),
        };
    }

    /// <summary>The marshalling attribute, or null if the type needs none.</summary>
    public static string? MarshallingOf(ParameterDefinition parameter) => (parameter.Category, parameter.BaseType) switch
    {
        ("automation", "VARIANT") => "MarshalUsing(typeof(VariantMarshaller))",
        ("automation", "VARIANT_BOOL") => "MarshalAs(UnmanagedType.VariantBool)",
        ("automation", "DATE") => "MarshalUsing(typeof(OleDateMarshaller))",
        ("interface", "IUnknown") => "MarshalAs(UnmanagedType.Interface)",
        _ => null,
    };

    /// <summary>Whether the parameter is memory of the caller that the callee fills: an address for C#.</summary>
    public static bool IsCallerAllocated(ParameterDefinition parameter) => parameter.FixedArrayLength is not null;

    private static InvalidDataException Unknown(ParameterDefinition parameter) =>
        new($"The parameter {parameter.Name} has the type {parameter.Type}, for which no C# type is known.");
}
