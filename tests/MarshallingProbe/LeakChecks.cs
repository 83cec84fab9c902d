using System.Runtime.InteropServices.Marshalling;
using VpcComApi.Interop;

namespace VpcComApi.MarshallingProbe;

/// <summary>Memory of a VARIANT and of an error is released.</summary>
internal static class LeakChecks
{
    private const int Rounds = 2_000;
    private const long MostGrowth = 64L << 20;

    public static void Run(Checks checks)
    {
        // Each round carries half a mebibyte: a leak would amount to a gibibyte.
        object?[] value = [new byte[1 << 18], new string('x', 1 << 17), new[] { "text" }];
        checks.AreEqual("memory after many VARIANTs and errors has not grown", Grows(() => Round(value)), false);
    }

    private static void Round(object value)
    {
        ComVariant variant = VariantMarshaller.ConvertToUnmanaged(value);
        _ = VariantMarshaller.ConvertToManaged(variant);
        VariantMarshaller.Free(variant);
        _ = ComErrorMarshaller.ConvertToUnmanaged(new InvalidOperationException("text"));
    }

    private static bool Grows(Action round)
    {
        round();
        long before = MemoryInUse();
        for (int i = 0; i < Rounds; i++)
        {
            round();
        }

        return MemoryInUse() - before > MostGrowth;
    }

    private static long MemoryInUse()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        // Wine does not count private memory; what was leaked was written to, so it is in the working set.
        return Environment.WorkingSet;
    }
}
