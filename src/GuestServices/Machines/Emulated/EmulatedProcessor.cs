namespace VpcComApi.GuestServices.Machines.Emulated;

/// <summary>The processor of an emulated guest, which is that of its process.</summary>
internal static class EmulatedProcessor
{
    /// <summary>No process has memory at this address, and the runtime does not convert the access into a NullReferenceException.</summary>
    private const nint NowhereAddress = -0x7000;

    /// <summary>Causes a fatal error: the process crashes, and its machine resets. Does not return.</summary>
    public static unsafe void Fault() => *(byte*)NowhereAddress = 0;
}
