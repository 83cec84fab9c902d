using Microsoft.Extensions.Logging;

namespace VpcComApi.VirtualMachines.Tests;

/// <summary>One message that was logged.</summary>
/// <param name="Id">Its event id.</param>
/// <param name="Level">How grave it is.</param>
/// <param name="Text">Its text.</param>
internal sealed record LogEntry(int Id, LogLevel Level, string Text);
