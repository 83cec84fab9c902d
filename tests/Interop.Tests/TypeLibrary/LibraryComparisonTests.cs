using VpcComApi.TypeLibraryReader;

namespace VpcComApi.Interop.Tests.TypeLibrary;

/// <summary>How the type libraries of two IDL compilers are compared.</summary>
[TestFixture]
public sealed class LibraryComparisonTests
{
    private static readonly FunctionDescription Inherited = Function("QueryInterface") with { DispId = 0x60000000 };

    private static readonly TypeDescription Interface =
        Type("IVMTask", "DISPATCH") with { Functions = [Function("Cancel")], Vtable = [Function("Cancel")] };

    private static readonly TypeDescription Structure =
        Type("Version", "RECORD") with { Size = 284, Variables = [new("text", "short[128]", 20)] };

    private static readonly TypeDescription Values = Type("Kind", "ENUM") with { Size = 4, Variables = [new("kind_None", "long", 0)] };

    private static readonly TypeDescription Application = Type("VMVirtualPC", "COCLASS") with { Flags = 0xB };

    private static readonly LibraryDescription Library = new(
        "VirtualPC", Guid.Empty, 0, 3, 1, 0, 0, string.Empty, [Interface, Structure, Values, Application]);

    [Test]
    public void A_library_says_what_it_says() => Assert.That(LibraryComparison.Differences(Library, Library), Is.Empty);

    [Test]
    public void What_is_known_to_differ_is_left_out()
    {
        LibraryDescription other = Library with
        {
            Types =
            [
                Interface with { Name = "ivmTask", Functions = [Inherited, Function("cancel")], Vtable = [Function("CANCEL")] },
                Structure with { Size = 0, Variables = [new("text", "wchar_t[128]", 0)] },
                Values with { Size = 8 },
                Application with { Flags = 3 },
            ],
        };

        Assert.That(LibraryComparison.Differences(Library, other), Is.Empty);
        Assert.That(LibraryComparison.Differences(other, Library), Is.Empty);
    }

    private static IEnumerable<TestCaseData> Unknown()
    {
        yield return Case("flags of an interface", Interface with { Flags = 0x100 }, 0);
        yield return Case("a DISPID", Interface with { Functions = [Function("Cancel") with { DispId = 7 }] }, 0);
        yield return Case("a slot", Interface with { Vtable = [Function("Cancel") with { VtableOffset = 64 }] }, 0);
        yield return Case("a parameter", Interface with { Vtable = [Function("Cancel") with { Parameters = [new("now", "long", 1)] }] }, 0);
        yield return Case("a missing function", Interface with { Functions = [] }, 0);
        yield return Case("a field's type", Structure with { Variables = [new("text", "short[64]", 20)] }, 1);
        yield return Case("a value", Values with { Variables = [new("kind_None", "long", 1)] }, 2);
        yield return Case("flags of a class", Application with { Flags = 0x9 }, 3);
        yield return Case("an identifier", Application with { Identifier = new Guid("00000000-0000-0000-0000-000000000001") }, 3);

        static TestCaseData Case(string name, TypeDescription changed, int index) =>
            new TestCaseData(changed, index).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Unknown))]
    public void Anything_else_is_named_on_both_sides(TypeDescription changed, int index)
    {
        LibraryDescription other = Library with { Types = [.. Library.Types.Select((type, place) => place == index ? changed : type)] };

        IReadOnlyList<string> differences = LibraryComparison.Differences(Library, other);

        Assert.That(differences, Is.Not.Empty);
        Assert.That(differences, Is.All.Contains(changed.Name));
    }

    private static TypeDescription Type(string name, string kind) => new(name, kind, Guid.Empty, 0, 8, string.Empty, [], [], [], null);

    private static FunctionDescription Function(string name) => new(name, 1, "FUNC", "DISPATCH", 56, 0, 0, "void", []);
}
