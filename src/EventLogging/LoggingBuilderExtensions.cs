using System.Runtime.Versioning;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.EventLog;
using Serilog;
using Serilog.Core;
using Serilog.Extensions.Logging;

namespace VpcComApi.EventLogging;

/// <summary>Adds the product's event log to a program's logging.</summary>
public static class LoggingBuilderExtensions
{
    /// <summary>
    /// Writes events to a rolling file and, on Windows, to the Windows event log. A log that cannot be written, because space, rights or a
    /// registered source are missing, is left out without an error. The builder's filters select the levels.
    /// </summary>
    /// <param name="builder">The program's logging.</param>
    /// <param name="options">How and where events are stored.</param>
    /// <exception cref="ArgumentException">The program's name is not usable in a file name.</exception>
    public static ILoggingBuilder AddVirtualPcEventLog(this ILoggingBuilder builder, EventLogOptions options)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(options);
        string pattern = EventLogFileName.Pattern(options.Program);

        // Created by the container, which then also disposes them: the last entries are on disk when the logger factory has been disposed.
        builder.Services.AddSingleton<ILoggerProvider>(_ => CreateFileProvider(options, pattern));
        if (OperatingSystem.IsWindows() && options.UseWindowsEventLog && WindowsEventSource.IsRegistered)
        {
            builder.Services.AddSingleton<ILoggerProvider, StableEventLoggerProvider>(CreateWindowsProvider);
        }

        return builder;
    }

    private static SerilogLoggerProvider CreateFileProvider(EventLogOptions options, string pattern)
    {
        EventLogFolder.DeleteOldest(options.Folder, options.Program);
        Logger logger = new LoggerConfiguration()
            .MinimumLevel.Verbose()
            .WriteTo.File(
                new EventLogLineFormatter(),
                Path.Combine(options.Folder, pattern),
                fileSizeLimitBytes: EventLogOptions.MaximumFileBytes,
                rollOnFileSizeLimit: true,
                rollingInterval: RollingInterval.Infinite,
                retainedFileCountLimit: EventLogOptions.MaximumFiles,
                shared: true)
            .CreateLogger();
        return new SerilogLoggerProvider(logger, dispose: true);
    }

    [SupportedOSPlatform("windows")]
    private static StableEventLoggerProvider CreateWindowsProvider(IServiceProvider services) => new(new EventLogLoggerProvider(
        new EventLogSettings { SourceName = WindowsEventSource.Name, LogName = WindowsEventSource.LogName }));
}
