namespace VpcComApi.ChannelBench.Qemu;

/// <summary>
/// The small Linux guests that <c>./build.sh bench --only qemu</c> makes: one kernel, and an initial RAM disk for each purpose.
/// </summary>
/// <param name="folder">The folder of the guests.</param>
internal sealed class BenchGuests(string folder)
{
    /// <summary>The port of the load's server in each guest.</summary>
    public const int ServerPort = 5555;

    /// <summary>Memory of a machine in MB: enough for the small guest.</summary>
    public const int MemoryMegabytes = 128;

    /// <summary>The kernel's command line, as in docs/qemu.md.</summary>
    public const string KernelArguments = "console=tty0 quiet panic=-1 no_timer_check vt.global_cursor_default=0";

    /// <summary>The kernel.</summary>
    public string Kernel => Existing("kernel");

    /// <summary>With the product's guest service.</summary>
    public string Product => Existing("product.initrd");

    /// <summary>With socat instead of the guest service.</summary>
    public string Raw => Existing("raw.initrd");

    /// <summary>With a program instead of the guest service that writes one byte to the port and ends.</summary>
    public string Mark => Existing("mark.initrd");

    private string Existing(string name)
    {
        string path = Path.Combine(folder, name);
        return File.Exists(path)
            ? path
            : throw new FileNotFoundException($"{path} is missing; ./build.sh bench --only qemu makes it.", path);
    }
}
