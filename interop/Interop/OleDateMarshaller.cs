using System.Runtime.InteropServices.Marshalling;

namespace VpcComApi.Interop;

/// <summary>Carries a <see cref="DateTime"/> as a DATE: days since 30 December 1899, without a time zone.</summary>
[CustomMarshaller(typeof(DateTime), MarshalMode.Default, typeof(OleDateMarshaller))]
public static class OleDateMarshaller
{
    /// <summary>Makes a DATE.</summary>
    public static double ConvertToUnmanaged(DateTime managed) => managed.ToOADate();

    /// <summary>Reads a DATE.</summary>
    /// <exception cref="ArgumentException">The number is not a valid date of OLE automation.</exception>
    public static DateTime ConvertToManaged(double unmanaged) => DateTime.FromOADate(unmanaged);
}
