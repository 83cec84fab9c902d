using System.Globalization;

namespace VpcComApi.VirtualMachines.Channels;

/// <summary>The two ends of a communication channel, checked.</summary>
/// <param name="Pipe">The pipe on the host.</param>
/// <param name="GuestPort">The TCP port on 127.0.0.1 in the guest, 1 to 65535.</param>
internal sealed record ChannelEndpoints(PipeName Pipe, int GuestPort)
{
    /// <summary>The highest TCP port.</summary>
    internal const int MaximumPort = 65535;

    /// <summary>Checks what a caller asked for: first the kinds of both ends, then their texts.</summary>
    /// <param name="hostEndpoint">Only <see cref="EndpointType.NamedPipe"/> is legal.</param>
    /// <param name="hostName">The pipe's name, <c>\\.\pipe\NAME</c>.</param>
    /// <param name="guestEndpoint">Only <see cref="EndpointType.TcpIp"/> is legal.</param>
    /// <param name="guestName">The port in decimal digits.</param>
    /// <exception cref="VirtualMachineException">
    /// <see cref="VirtualMachineError.InvalidArgument"/> for a kind, <see cref="VirtualMachineError.MissingArgument"/> for a text: the
    /// contract answers E_POINTER to a text that is null or malformed.
    /// </exception>
    internal static ChannelEndpoints Parse(EndpointType hostEndpoint, string? hostName, EndpointType guestEndpoint, string? guestName)
    {
        if (hostEndpoint != EndpointType.NamedPipe)
        {
            throw new VirtualMachineException(
                VirtualMachineError.InvalidArgument,
                $"The host's end of a communication channel must be a named pipe (vmEndpoint_NamedPipe, 0), not {(int)hostEndpoint}.");
        }

        if (guestEndpoint != EndpointType.TcpIp)
        {
            throw new VirtualMachineException(
                VirtualMachineError.InvalidArgument,
                $"The guest's end of a communication channel must be a TCP port (vmEndpoint_TCPIP, 1), not {(int)guestEndpoint}.");
        }

        return new ChannelEndpoints(PipeName.Parse(hostName), ParsePort(guestName));
    }

    private static int ParsePort(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port is >= 1 and <= MaximumPort
            ? port
            : throw new VirtualMachineException(
                VirtualMachineError.MissingArgument,
                $"The guest's end of the channel must be a TCP port in decimal digits, 1 to {MaximumPort}.");
}
