using System.ComponentModel;
using System.Diagnostics;
using NUnit.Framework;

namespace VpcComApi.TestSupport;

/// <summary>
/// A volume of a few megabytes of a test's own, which can be filled: a file system in memory, mounted in the mount namespace of a helper
/// process, so that no other process sees it, and reached through that process's folder in /proc. It ends with the helper.
/// </summary>
public sealed class SmallVolume : IAsyncDisposable
{
    private const string Mount = """mount -t tmpfs -o "size=$1m" none "$2" && echo mounted && exec cat""";

    /// <summary>The allocation unit of a file system in memory.</summary>
    private const int PageLength = 4096;

    private readonly RunningProgram holder;
    private readonly TestDirectory place;

    private SmallVolume(RunningProgram holder, TestDirectory place)
    {
        this.holder = holder;
        this.place = place;
        Root = $"/proc/{holder.Id}/root{place.FullPath}";
        Folder = Path.Combine(Root, "files");
        Directory.CreateDirectory(Folder);
    }

    /// <summary>A folder on the volume, empty at first.</summary>
    public string Folder { get; }

    private string Root { get; }

    private string Filler => Path.Combine(Root, "filler");

    /// <summary>Makes a volume. Where none can be mounted, the running test is skipped with the reason.</summary>
    /// <param name="megabytes">Its size.</param>
    public static async Task<SmallVolume> CreateAsync(int megabytes)
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Ignore("A small volume is mounted on Linux alone.");
        }

        TestDirectory place = new();
        string[] rights = Environment.IsPrivilegedProcess ? ["--mount"] : ["--user", "--map-root-user", "--mount"];
        RunningProgram? holder = null;
        try
        {
            holder = RunningProgram.Start(
                new ProcessStartInfo("unshare", [.. rights, "sh", "-c", Mount, "sh", $"{megabytes}", place.FullPath]));
            await holder.WaitForOutputAsync("mounted");
            return new SmallVolume(holder, place);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            string reason = holder?.Error ?? e.Message;
            if (holder is not null)
            {
                await holder.DisposeAsync();
            }

            place.Dispose();
            Assert.Ignore($"No volume can be mounted in a namespace here: {reason}");
            throw;
        }
    }

    /// <summary>The full path of something in the folder.</summary>
    /// <param name="name">Its name.</param>
    public string PathOf(string name) => Path.Combine(Folder, name);

    /// <summary>Fills the volume.</summary>
    /// <param name="room">Bytes that are left; whole pages of 4,096.</param>
    public void FillUp(long room)
    {
        using FileStream filler = new(Filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        byte[] page = new byte[PageLength];
        try
        {
            while (true)
            {
                filler.Write(page);
            }
        }
        catch (IOException)
        {
            // It is full.
        }

        filler.SetLength(filler.Length - room);
    }

    /// <summary>Removes what <see cref="FillUp"/> has written.</summary>
    public void MakeRoom() => File.Delete(Filler);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await holder.DisposeAsync();
        place.Dispose();
    }
}
