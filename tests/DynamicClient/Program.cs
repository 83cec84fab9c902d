using System.IO.Pipes;
using System.Runtime.InteropServices;

namespace VpcComApi.DynamicClient;

/// <summary>What a late-bound C# program does: the whole sequence of a channel, and how errors and absent objects reach it.</summary>
internal static class Program
{
    private const string MachineName = "Windows XP Mode";
    private const int Running = 5;
    private const int EndpointNamedPipe = 0;
    private const int EndpointTcpIp = 1;
    private const int StartLimitMilliseconds = 120_000;
    private const int ConnectLimitMilliseconds = 10_000;
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(60);

    private static int Main(string[] arguments)
    {
        if (!OperatingSystem.IsWindows() || arguments.Length != 2)
        {
            Console.Error.WriteLine("usage: DynamicClient PIPE PORT (on Windows)");
            return 2;
        }

        (string pipeName, string port) = (arguments[0], arguments[1]);
        dynamic application = Activator.CreateInstance(Type.GetTypeFromProgID("VirtualPC.Application", throwOnError: true)!)!;
        Console.WriteLine($"Connected to {application.Name} {application.Version}");
        Console.WriteLine($"An unknown machine is null: {application.FindVirtualMachine("no such machine") is null}");

        dynamic machine = application.FindVirtualMachine(MachineName);
        if (machine.State != Running)
        {
            machine.Startup().WaitForCompletion(StartLimitMilliseconds);
        }

        using (EventWaitHandle ready = new(false, EventResetMode.ManualReset, $@"Local\{machine.ChassisAssetTag}_ChannelReady"))
        {
            Console.WriteLine($"{MachineName} is running, channels are ready: {ready.WaitOne(ReadyLimit)}");
        }

        try
        {
            machine.StartCommunicationChannel(EndpointTcpIp, @"\\.\pipe\" + pipeName, EndpointNamedPipe, port);
        }
        catch (Exception refusal) when (refusal is COMException or ArgumentException)
        {
            Console.WriteLine($"Wrong endpoints are refused: 0x{refusal.HResult:X8}");
        }

        machine.StartCommunicationChannel(EndpointNamedPipe, @"\\.\pipe\" + pipeName, EndpointTcpIp, port);
        Console.WriteLine($@"Channel: \\.\pipe\{pipeName} to guest port {port}");
        Talk(pipeName);
        return 0;
    }

    private static void Talk(string pipeName)
    {
        using NamedPipeClientStream pipe = new(".", pipeName, PipeDirection.InOut);
        pipe.Connect(ConnectLimitMilliseconds);
        using StreamReader reader = new(pipe, leaveOpen: true);
        using StreamWriter writer = new(pipe, leaveOpen: true) { AutoFlush = true };

        const string Greeting = "Hello from dynamic C#";
        writer.Write(Greeting + "\n");
        Console.WriteLine($"Sent: {Greeting}");
        Console.WriteLine($"Received: {reader.ReadLine()}");
    }
}
