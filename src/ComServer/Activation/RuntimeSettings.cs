using System.Runtime.InteropServices;

namespace VpcComApi.ComServer.Activation;

/// <summary>Settings of COM's runtime for this process (IGlobalOptions). A runtime that does not know one keeps its own way.</summary>
internal static unsafe class RuntimeSettings
{
    private const int SetSlot = 3;

    // COMGLB_EXCEPTION_HANDLING = COMGLB_EXCEPTION_DONOT_HANDLE_ANY: a crash shall be seen as one, and not answered to the client as an
    // error.
    private const int ExceptionHandling = 1;
    private const nuint DoNotHandleAny = 2;

    // COMGLB_RO_SETTINGS = COMGLB_FAST_RUNDOWN: release at once what a dead client held, in place of minutes later.
    private const int RuntimeOptions = 4;
    private const nuint FastRundown = 8;

    private static readonly Guid GlobalOptionsClass = new("0000034B-0000-0000-C000-000000000046");
    private static readonly Guid GlobalOptionsInterface = new("0000015B-0000-0000-C000-000000000046");

    /// <summary>Applies the settings. Must come before the first object is served.</summary>
    public static void Apply()
    {
        if (ComRuntime.CoCreateInstance(GlobalOptionsClass, 0, ComRuntime.InProcessServer, GlobalOptionsInterface, out nint options) < 0)
        {
            return;
        }

        delegate* unmanaged[MemberFunction]<nint, int, nuint, int> set =
            (delegate* unmanaged[MemberFunction]<nint, int, nuint, int>)(*(void***)options)[SetSlot];
        _ = set(options, ExceptionHandling, DoNotHandleAny);
        _ = set(options, RuntimeOptions, FastRundown);
        Marshal.Release(options);
    }
}
