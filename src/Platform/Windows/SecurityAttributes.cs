using System.Runtime.InteropServices;

namespace VpcComApi.Platform.Windows;

/// <summary>Windows' SECURITY_ATTRIBUTES.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SecurityAttributes
{
    /// <summary>The size of this structure in bytes.</summary>
    internal int Length;

    /// <summary>Points at the security descriptor.</summary>
    internal nint SecurityDescriptor;

    /// <summary>Whether child processes inherit the handle.</summary>
    internal int InheritHandle;
}
