using System.Text.Json.Serialization;
using StreamJsonRpc;
using VpcComApi.CommandLine.Disks;
using VpcComApi.CommandLine.Output;

namespace VpcComApi.CommandLine.Machines;

/// <summary>The JSON forms of what goes between client and host, and of what <c>--json</c> prints.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(bool))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(int?))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(RequestId))] // What a cancelled call is named by.
[JsonSerializable(typeof(HostDescription))]
[JsonSerializable(typeof(MachineList))]
[JsonSerializable(typeof(MachineDetails))]
[JsonSerializable(typeof(OperationProgress))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(ConfigurationValue[]))]
[JsonSerializable(typeof(ChannelSummary[]))]
[JsonSerializable(typeof(DeviceSummary[]))]
[JsonSerializable(typeof(ScreenPicture))]
[JsonSerializable(typeof(LogLine))]
[JsonSerializable(typeof(DiskSummary[]))]
internal sealed partial class MachinesJsonContext : JsonSerializerContext;
