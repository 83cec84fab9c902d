using System.Runtime.InteropServices;

namespace VpcComApi.Interop;

/// <summary>The error object of a thread, which COM passes to the caller.</summary>
/// <remarks>
/// The two objects are called through their vtables: they are used for this one call only, and a wrapper would keep them until a garbage
/// collection.
/// </remarks>
internal static unsafe partial class ErrorInfo
{
    /// <summary>The source that scripts see as Err.Source: the ProgID.</summary>
    private const string Source = ProgIds.VMVirtualPC;

    // Slots of IUnknown and ICreateErrorInfo.
    private const int QueryInterfaceSlot = 0;
    private const int ReleaseSlot = 2;
    private const int SetGuidSlot = 3;
    private const int SetSourceSlot = 4;
    private const int SetDescriptionSlot = 5;

    private static readonly Guid ErrorInfoId = new("1CF2B120-547D-101B-8E65-08002B2BD119");

    /// <summary>
    /// Describes the failure of the current call. Does nothing where there is no COM, or when there is not enough memory.
    /// </summary>
    /// <param name="description">The text that scripts see as Err.Description.</param>
    public static void Set(string description)
    {
        if (!OperatingSystem.IsWindows() || CreateErrorInfo(out nint creator) < 0)
        {
            return;
        }

        Guid anyInterface = Guid.Empty;
        ((delegate* unmanaged[MemberFunction]<nint, Guid*, int>)Slot(creator, SetGuidSlot))(creator, &anyInterface);
        SetText(creator, SetSourceSlot, Source);
        SetText(creator, SetDescriptionSlot, description);

        nint info;
        Guid id = ErrorInfoId;
        if (((delegate* unmanaged[MemberFunction]<nint, Guid*, nint*, int>)Slot(creator, QueryInterfaceSlot))(creator, &id, &info) >= 0)
        {
            _ = SetErrorInfo(0, info);
            Release(info);
        }

        Release(creator);
    }

    private static void SetText(nint creator, int slot, string text)
    {
        fixed (char* characters = text)
        {
            ((delegate* unmanaged[MemberFunction]<nint, char*, int>)Slot(creator, slot))(creator, characters);
        }
    }

    private static void Release(nint unknown) =>
        ((delegate* unmanaged[MemberFunction]<nint, uint>)Slot(unknown, ReleaseSlot))(unknown);

    private static void* Slot(nint unknown, int slot) => (*(void***)unknown)[slot];

    [LibraryImport("oleaut32")]
    private static partial int CreateErrorInfo(out nint creator);

    [LibraryImport("oleaut32")]
    private static partial int SetErrorInfo(uint reserved, nint info);
}
