using System.Globalization;
using VpcComApi.ChannelBench.Processes;
using VpcComApi.ChannelBench.Qemu;
using VpcComApi.ChannelBench.Results;
using VpcComApi.ChannelBench.Suites;

namespace VpcComApi.ChannelBench;

/// <summary>One run of the suites, one after the other, with their results.</summary>
/// <param name="options">The options.</param>
internal sealed class BenchRun(BenchOptions options)
{
    /// <summary>The folder in which Unix programs, and .NET's pipes, create their sockets.</summary>
    private const string TemporaryFolderVariable = "TMPDIR";

    /// <summary>Runs the suites and shows their tables.</summary>
    /// <exception cref="FormatException">A requested suite does not exist.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        ISuite[] suites = Choose(
        [
            new OneChannelSuite(), new BusyMachineSuite(), new ManyChannelsSuite(), new StartSuite(), new FramedStreamSuite(),
            new QemuChannelSuite(), new QemuStartSuite(),
        ]);
        DateTimeOffset began = DateTimeOffset.UtcNow;
        MachineDescription machine = MachineDescription.Read();
        DirectoryInfo folder = Directory.CreateTempSubdirectory("vpcbench-");
        Environment.SetEnvironmentVariable(TemporaryFolderVariable, folder.FullName);
        List<ResultTable> tables = [];
        try
        {
            Console.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"{began:yyyy-MM-dd HH:mm} UTC, {options.Effort.Name}. {machine}"));
            Console.WriteLine("Medians of rounds that alternate; ± half of the range in which the middle half of the rounds lies.");
            Console.WriteLine("In brackets the middle half of the ratios, each of one round.");
            await using ChildProcess server = ChildProcess.StartSelf(BenchRoles.Server);
            int port = int.Parse(await server.ReadLineAsync(_ => true), CultureInfo.InvariantCulture);
            BenchContext context = new(
                options.Effort, options.Programs, options.Against, new BenchGuests(options.Guests), folder.FullName, port, ShowProgress,
                cancellationToken);
            foreach (ISuite suite in suites)
            {
                tables.Add(await suite.RunAsync(context));
                if (options.Against is { } other)
                {
                    tables[^1].CompareWith(other.Subject);
                }

                ShowProgress(string.Empty);
                Console.WriteLine();
                Console.Write(tables[^1].ToMarkdown());
            }
        }
        finally
        {
            Environment.SetEnvironmentVariable(TemporaryFolderVariable, null);
            folder.Delete(recursive: true);
        }

        if (options.JsonFile is not null)
        {
            BenchRecord.Write(options.JsonFile, began, machine, options.Effort.Name, tables);
        }
    }

    /// <summary>Shows the progress on a terminal, but not in a log.</summary>
    private static void ShowProgress(string text)
    {
        if (!Console.IsErrorRedirected)
        {
            Console.Error.Write($"\r{text,-78}\r");
        }
    }

    private ISuite[] Choose(ISuite[] all)
    {
        string? unknown = options.Suites.FirstOrDefault(name => !all.Any(suite => suite.Name == name));
        return unknown is null
            ? [.. all.Where(suite => options.Suites.Count == 0 ? !suite.IsOnRequest : options.Suites.Contains(suite.Name))]
            : throw new FormatException($"There is no suite '{unknown}'. There are: {string.Join(", ", all.Select(suite => suite.Name))}.");
    }
}
