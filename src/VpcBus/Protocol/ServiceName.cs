namespace VpcComApi.VpcBus.Protocol;

/// <summary>What a service may be called.</summary>
internal static class ServiceName
{
    /// <summary>Why a name is none, or null.</summary>
    public static string? Check(string name)
    {
        if (name.Length == 0)
        {
            return "is empty";
        }

        foreach (char character in name)
        {
            if (char.IsControl(character))
            {
                return "contains a control character";
            }
        }

        return BusText.ByteCount(name) > BusOptions.MaxServiceNameLength
            ? $"is longer than {BusOptions.MaxServiceNameLength} bytes of UTF-8" : null;
    }
}
