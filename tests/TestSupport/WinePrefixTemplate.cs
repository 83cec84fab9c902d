using System.Diagnostics;

namespace VpcComApi.TestSupport;

/// <summary>
/// A fresh Wine prefix takes some 15 seconds to make and a copy of one almost none. The template is made once for all test projects,
/// under a lock that also holds between processes, and each test run works in a copy of its own.
/// </summary>
internal static class WinePrefixTemplate
{
    private static readonly TimeSpan CreationLimit = TimeSpan.FromMinutes(3);

    private static string Folder => Path.Combine(RepositoryPaths.Artifacts, "wine");

    private static string Template => Path.Combine(Folder, "template");

    /// <summary>Makes a new prefix and answers its path. Makes the template first where it is not there yet.</summary>
    /// <param name="environment">Wine's environment, for a given prefix.</param>
    public static async Task<string> CopyAsync(Func<string, IReadOnlyDictionary<string, string?>> environment)
    {
        Directory.CreateDirectory(Folder);
        await using (await LockAsync())
        {
            if (!Directory.Exists(Template))
            {
                await CreateAsync(environment);
            }
        }

        string prefix = Path.Combine(Folder, $"run-{Environment.ProcessId}-{Guid.NewGuid():N}");
        await CopyTemplateAsync(prefix);
        return prefix;
    }

    private static async Task<FileStream> LockAsync()
    {
        string path = Path.Combine(Folder, "template.lock");
        FileStream? held = null;
        await Wait.UntilAsync(() => (held = TryLock(path)) is not null, "another test run to make the Wine prefix", CreationLimit);
        return held!;
    }

    private static FileStream? TryLock(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static async Task CreateAsync(Func<string, IReadOnlyDictionary<string, string?>> environment)
    {
        string unfinished = Template + ".unfinished";
        if (Directory.Exists(unfinished))
        {
            Directory.Delete(unfinished, recursive: true);
        }

        Directory.CreateDirectory(unfinished);
        await RunAsync("wineboot", ["--init"], environment(unfinished));
        await RunAsync("wineserver", ["--wait"], environment(unfinished));
        ReplaceLinksToHome(Path.Combine(unfinished, "drive_c", "users"));
        Directory.Move(unfinished, Template);
    }

    /// <summary>Wine links Documents and the like to the user's own folders, where tests have no business.</summary>
    private static void ReplaceLinksToHome(string users)
    {
        // Not by a recursive enumeration, which would follow the links: through a prefix in the home folder they lead to all of the
        // machine.
        foreach (DirectoryInfo folder in new DirectoryInfo(users).EnumerateDirectories().ToList())
        {
            if (folder.LinkTarget is not null)
            {
                folder.Delete();
                Directory.CreateDirectory(folder.FullName);
            }
            else
            {
                ReplaceLinksToHome(folder.FullName);
            }
        }
    }

    /// <summary>Wine's own files (1.3 GB) are shared by hard link: nobody writes to them. All else is copied.</summary>
    private static async Task CopyTemplateAsync(string prefix)
    {
        const string Script = """
            set -e
            mkdir -p "$2/drive_c"
            cp -al "$1/drive_c/windows" "$2/drive_c/windows"
            cd "$1"
            find . -path ./drive_c/windows -prune -o -type d -exec mkdir -p "$2/{}" \;
            find . -path ./drive_c/windows -prune -o ! -type d -exec cp -a "{}" "$2/{}" \;
            """;
        await RunAsync("/bin/sh", ["-c", Script, "sh", Template, prefix], new Dictionary<string, string?>());
    }

    private static async Task RunAsync(string program, string[] arguments, IReadOnlyDictionary<string, string?> environment)
    {
        ProcessStartInfo startInfo = new(program, arguments);
        foreach ((string name, string? value) in environment)
        {
            startInfo.Environment[name] = value;
        }

        await using RunningProgram running = RunningProgram.Start(startInfo);
        ProgramResult result = await running.FinishAsync(limit: CreationLimit);
        if (result.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} failed while a Wine prefix was made.\n{result}");
        }
    }
}
