namespace VpcComApi.CommandLine.Machines;

/// <summary>One integration device that a guest sees.</summary>
/// <param name="Name">The device's name.</param>
/// <param name="ChannelId">The bus channel behind it.</param>
/// <param name="Service">What the channel serves.</param>
/// <param name="Direction">Which way its bytes go.</param>
internal sealed record DeviceSummary(string Name, int ChannelId, string Service, string Direction);
