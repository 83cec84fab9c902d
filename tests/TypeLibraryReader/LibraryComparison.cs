using System.Globalization;

namespace VpcComApi.TypeLibraryReader;

/// <summary>
/// Compares the outputs of two IDL compilers for the same IDL. What is known to differ, and does not matter to a client, is left out;
/// everything else is compared fact by fact.
/// </summary>
public static class LibraryComparison
{
    /// <summary>What is not compared, and why.</summary>
    public static IReadOnlyList<string> Known { get; } =
    [
        "the case of names: a type library keeps one spelling of each word, that of the first place, and the compilers write in another "
            + "order",
        "the sizes of enumerations and structures, and the offsets of fields: MIDL leaves them to oleaut32's writer, and Wine's computes "
            + "none",
        "the functions of IUnknown and IDispatch in a dispinterface, which MIDL's library lists before its own, with DISPIDs of 0x60000000 "
            + "and above",
        "that an application object is predeclared: MIDL leaves it to oleaut32's writer, and Wine's does not add it",
        "wchar_t as a field: MIDL writes VT_UI2, widl VT_I2; both are 16 bits and cross in the same way",
    ];

    private const int ApplicationObject = 1;
    private const int Predeclared = 8;

    /// <summary>
    /// The DISPIDs that the functions of IUnknown and IDispatch get: 0x60000000 and above, by the documentation of MEMBERID.
    /// </summary>
    private const int FirstInherited = 0x60000000;
    private const int LastInherited = 0x6002FFFF;

    /// <summary>
    /// The differences of two libraries; "- " before what is only in the first one, "+ " before what is only in the second one.
    /// </summary>
    /// <param name="first">A library.</param>
    /// <param name="second">Another one.</param>
    public static IReadOnlyList<string> Differences(LibraryDescription first, LibraryDescription second)
    {
        string[] left = [.. Facts(first)];
        string[] right = [.. Facts(second)];
        return
        [
            .. left.Except(right, StringComparer.OrdinalIgnoreCase).Select(fact => "- " + fact),
            .. right.Except(left, StringComparer.OrdinalIgnoreCase).Select(fact => "+ " + fact),
        ];
    }

    /// <summary>The content of a library, one line for each fact.</summary>
    public static IEnumerable<string> Facts(LibraryDescription library) =>
    [
        string.Create(
            CultureInfo.InvariantCulture,
            $"library {library.Name} {library.Libid} {library.MajorVersion}.{library.MinorVersion} language {library.LocaleId} ")
            + $"system {library.System} flags {library.Flags:X}",
        .. library.Types.SelectMany((type, index) => FactsOf(type, index)),
    ];

    private static IEnumerable<string> FactsOf(TypeDescription type, int index) =>
    [
        $"type {index}: {type.Kind} {type.Name} {type.Identifier} flags {FlagsOf(type):X} \"{type.HelpString}\"",
        .. type.Functions
            .Where(function => function.DispId is < FirstInherited or > LastInherited)
            .Select((function, place) => $"{type.Name} late {place}: {FactOf(function)}"),
        .. (type.Vtable ?? []).Select(function => $"{type.Name} early at {function.VtableOffset}: {FactOf(function)}"),
        .. type.Variables.Select((variable, place) => type.Kind == "ENUM"
            ? $"{type.Name} {place}: {variable.Name} = {variable.Value}"
            : $"{type.Name} {place}: {variable.Name} {variable.Type.Replace("wchar_t", "short", StringComparison.Ordinal)}"),
        .. type.Implements.Select(
            (implemented, place) => $"{type.Name} implements {place}: {implemented.Name} flags {implemented.Flags:X}"),
    ];

    private static int FlagsOf(TypeDescription type) =>
        type.Kind == "COCLASS" && (type.Flags & ApplicationObject) != 0 ? type.Flags | Predeclared : type.Flags;

    private static string FactOf(FunctionDescription function) =>
        $"{function.Name} id {function.DispId} {function.InvokeKind} {function.FunctionKind} flags {function.Flags:X} "
        + $"optional {function.OptionalParameters} {function.ReturnType}("
        + string.Join(", ", function.Parameters.Select(parameter => $"{parameter.Flags:X} {parameter.Type} {parameter.Name}")) + ")";
}
