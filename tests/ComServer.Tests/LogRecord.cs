using Microsoft.Extensions.Logging;

namespace VpcComApi.ComServer.Tests;

/// <summary>One entry that was logged.</summary>
internal sealed record LogRecord(LogLevel Level, int EventId, string Text, Exception? Exception);
