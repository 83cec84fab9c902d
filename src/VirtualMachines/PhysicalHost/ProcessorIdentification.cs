using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace VpcComApi.VirtualMachines.PhysicalHost;

/// <summary>
/// Asks the processor itself, by CPUID, who it is and what it can. The numbers of leaves and bits are those of Intel's and AMD's manuals
/// (https://www.intel.com/sdm, volume 2A, CPUID).
/// </summary>
internal static class ProcessorIdentification
{
    private const int FeatureLeaf = 1;
    private const int HighestExtendedLeaf = unchecked((int)0x80000000);
    private const int ExtendedFeatureLeaf = unchecked((int)0x80000001);
    private const int FirstNameLeaf = unchecked((int)0x80000002);
    private const int LastNameLeaf = unchecked((int)0x80000004);

    /// <summary>Describes the processor.</summary>
    /// <param name="logicalCount">How many processors programs see.</param>
    /// <param name="physicalCount">How many sockets are filled.</param>
    /// <param name="megahertz">The speed.</param>
    /// <param name="isVirtualizationEnabled">Whether the operating system finds the extensions for virtual machines switched on.</param>
    public static ProcessorFacts Describe(int logicalCount, int physicalCount, int megahertz, bool isVirtualizationEnabled)
    {
        if (!X86Base.IsSupported)
        {
            return new ProcessorFacts
            {
                LogicalCount = logicalCount,
                PhysicalCount = physicalCount,
                Megahertz = megahertz,
                Manufacturer = RuntimeInformation.ProcessArchitecture.ToString(),
                Model = RuntimeInformation.ProcessArchitecture.ToString(),
                IsVirtualizationEnabled = isVirtualizationEnabled,
            };
        }

        (_, int ebx, int ecx, int edx) = X86Base.CpuId(0, 0);
        string manufacturer = TextOf(ebx, edx, ecx);
        (int signature, _, ecx, edx) = X86Base.CpuId(FeatureLeaf, 0);
        int highest = X86Base.CpuId(HighestExtendedLeaf, 0).Eax;
        (_, _, int extendedEcx, int extendedEdx) = (uint)highest >= unchecked((uint)ExtendedFeatureLeaf)
            ? X86Base.CpuId(ExtendedFeatureLeaf, 0)
            : default;
        return new ProcessorFacts
        {
            LogicalCount = logicalCount,
            PhysicalCount = physicalCount,
            Megahertz = megahertz,
            Manufacturer = manufacturer,
            Model = ReadName(highest) is { Length: > 0 } name ? name : DescribeSignature(signature),
            HasMmx = Has(edx, 23),
            HasSse = Has(edx, 25),
            HasSse2 = Has(edx, 26),
            HasSse3 = Has(ecx, 0),
            HasIntelVirtualization = Has(ecx, 5),
            HasTrustedExecution = Has(ecx, 6),
            HasAmdVirtualization = Has(extendedEcx, 2),
            HasLongMode = Has(extendedEdx, 29),
            Has3DNow = Has(extendedEdx, 31),
            IsVirtualizationEnabled = isVirtualizationEnabled,
        };
    }

    private static bool Has(int register, int bit) => ((register >> bit) & 1) != 0;

    private static string ReadName(int highestExtendedLeaf)
    {
        if ((uint)highestExtendedLeaf < unchecked((uint)LastNameLeaf))
        {
            return string.Empty;
        }

        StringBuilder name = new();
        for (int leaf = FirstNameLeaf; leaf <= LastNameLeaf; leaf++)
        {
            (int eax, int ebx, int ecx, int edx) = X86Base.CpuId(leaf, 0);
            name.Append(TextOf(eax, ebx, ecx, edx));
        }

        return string.Join(' ', name.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    private static string DescribeSignature(int signature) =>
        $"x86 Family {(signature >> 8) & 0xF} Model {(signature >> 4) & 0xF} Stepping {signature & 0xF}";

    private static string TextOf(params ReadOnlySpan<int> registers) =>
        Encoding.ASCII.GetString(MemoryMarshal.AsBytes(registers)).Replace('\0', ' ').TrimEnd();
}
