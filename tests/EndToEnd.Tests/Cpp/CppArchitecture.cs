using VpcComApi.TestSupport;

namespace VpcComApi.EndToEnd.Tests.Cpp;

/// <summary>What a C++ program is compiled for.</summary>
/// <param name="Name">For test names and file names.</param>
/// <param name="Compiler">The compiler.</param>
/// <param name="Runner">What its programs need to run.</param>
internal sealed record CppArchitecture(string Name, ExternalTool Compiler, ExternalTool Runner)
{
    public static CppArchitecture X64 { get; } = new("64-bit", ExternalTool.MingwX64, ExternalTool.Wine);

    public static CppArchitecture X86 { get; } = new("32-bit", ExternalTool.MingwX86, ExternalTool.Wine32);

    public override string ToString() => Name;
}
