using Microsoft.Win32.SafeHandles;

namespace VpcComApi.Platform.Linux;

/// <summary>A file descriptor that is closed with this handle.</summary>
internal sealed class SafeDescriptor : SafeHandleMinusOneIsInvalid
{
    /// <summary>Takes ownership of a descriptor.</summary>
    /// <param name="descriptor">The descriptor, or -1 for none.</param>
    public SafeDescriptor(int descriptor)
        : base(ownsHandle: true) => SetHandle(descriptor);

    /// <summary>The number. Valid while the caller ensures that this handle is not closed.</summary>
    public int Number => (int)handle;

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => Libc.close(handle) == 0;
}
