namespace VpcComApi.VpcBus.Protocol;

/// <summary>The rules for names of services.</summary>
internal static class ServiceName
{
    /// <summary>Returns why a name is invalid, or null if it is valid.</summary>
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
