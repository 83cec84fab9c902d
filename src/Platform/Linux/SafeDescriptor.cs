using Microsoft.Win32.SafeHandles;

namespace VpcComApi.Platform.Linux;

/// <summary>A file descriptor that belongs to us.</summary>
internal sealed class SafeDescriptor : SafeHandleMinusOneIsInvalid
{
    /// <summary>Takes a descriptor over.</summary>
    /// <param name="descriptor">The descriptor, or -1 for none.</param>
    public SafeDescriptor(int descriptor)
        : base(ownsHandle: true) => SetHandle(descriptor);

    /// <summary>The number. Good while somebody keeps this handle from being closed.</summary>
    public int Number => (int)handle;

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => Libc.close(handle) == 0;
}
