namespace VpcComApi.GuestServices.Machines.Emulated;

/// <summary>The processor of an emulated guest, which is the one that its process runs on.</summary>
internal static class EmulatedProcessor
{
    /// <summary>No process has memory there, and no runtime takes it for the null that it can make an exception of.</summary>
    private const nint NowhereAddress = -0x7000;

    /// <summary>Meets a fatal error: the process ends as one that crashes, and its machine resets. Does not return.</summary>
    public static unsafe void Fault() => *(byte*)NowhereAddress = 0;
}
