using VpcComApi.VpcBus;
using VpcComApi.VpcBus.Integration;

namespace VpcComApi.Fuzz;

/// <summary>What a guest may say in an integration message.</summary>
internal static class IntegrationTarget
{
    public static void Run(byte[] input)
    {
        try
        {
            if (IntegrationCodec.Decode(input) is { } message)
            {
                IntegrationCodec.Encode(message);
            }
        }
        catch (BusException)
        {
            // The input is refused as invalid.
        }

        try
        {
            foreach (IntegrationDevice device in IntegrationCodec.DecodeDevices(System.Text.Encoding.UTF8.GetString(input)))
            {
                ArgumentNullException.ThrowIfNull(device.Service);
            }
        }
        catch (BusException)
        {
            // The input is refused, because it is not a list of devices.
        }
    }
}
