using System.IO.Pipes;
using System.Runtime.InteropServices;
using VpcComApi.Interop;

namespace VpcComApi.EarlyBoundClient;

/// <summary>
/// Starts a machine, opens a communication channel to a program in it, and exchanges text with that program through a pipe.
/// </summary>
internal static class Program
{
    private const string MachineName = "Windows XP Mode";
    private const int StartLimitMilliseconds = 120_000;
    private const int ConnectLimitMilliseconds = 10_000;
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(60);

    private static int Main(string[] arguments)
    {
        if (!OperatingSystem.IsWindows())
        {
            Console.Error.WriteLine("COM objects exist on Windows only.");
            return 1;
        }

        string pipeName = arguments.ElementAtOrDefault(0) ?? "hello";
        string port = arguments.ElementAtOrDefault(1) ?? "6174";
        try
        {
            IVMVirtualMachine machine = StartMachine();
            WaitUntilChannelsAreReady(machine.get_ChassisAssetTag());
            Console.WriteLine($"{MachineName} is running and ready for channels");

            machine.StartCommunicationChannel(
                VMEndpointType.vmEndpoint_NamedPipe, @"\\.\pipe\" + pipeName, VMEndpointType.vmEndpoint_TCPIP, port);
            Console.WriteLine($@"Channel: \\.\pipe\{pipeName} to guest port {port}");

            Talk(pipeName);
            return 0;
        }
        catch (Exception failure) when (failure is COMException or IOException or TimeoutException or InvalidOperationException)
        {
            Console.Error.WriteLine($"{failure.Message} (0x{failure.HResult:X8})");
            return 1;
        }
    }

    [System.Runtime.Versioning.SupportedOSPlatform("windows")]
    private static IVMVirtualMachine StartMachine()
    {
        IVMVirtualPC application = ComActivation.Create<IVMVirtualPC>(Clsids.VMVirtualPC);
        Console.WriteLine($"Connected to {application.get_Name()} {application.get_Version()}");

        // For COM an unknown name is not an error: the call succeeds, with S_FALSE and no object.
        Marshal.ThrowExceptionForHR(application.FindVirtualMachine(MachineName, out IVMVirtualMachine? machine));
        if (machine is null)
        {
            throw new InvalidOperationException($"There is no machine {MachineName}.");
        }

        if (machine.get_State() != VMVMState.vmVMState_Running)
        {
            machine.Startup().WaitForCompletion(StartLimitMilliseconds);
        }

        return machine;
    }

    /// <summary>The host process sets a named event when the guest service is up. The first of the two processes creates it.</summary>
    [System.Runtime.Versioning.SupportedOSPlatform("windows")]
    private static void WaitUntilChannelsAreReady(string chassisAssetTag)
    {
        using EventWaitHandle ready = new(initialState: false, EventResetMode.ManualReset, $@"Local\{chassisAssetTag}_ChannelReady");
        if (!ready.WaitOne(ReadyLimit))
        {
            throw new TimeoutException("The guest service did not come up in time.");
        }
    }

    private static void Talk(string pipeName)
    {
        using NamedPipeClientStream pipe = new(".", pipeName, PipeDirection.InOut);
        pipe.Connect(ConnectLimitMilliseconds);
        using StreamReader reader = new(pipe, leaveOpen: true);
        using StreamWriter writer = new(pipe, leaveOpen: true) { AutoFlush = true };

        const string Greeting = "Hello from C#";
        writer.Write(Greeting + "\n");
        Console.WriteLine($"Sent: {Greeting}");
        Console.WriteLine($"Received: {reader.ReadLine()}");
    }
}
