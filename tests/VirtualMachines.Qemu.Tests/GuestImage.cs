using System.Collections;
using System.Diagnostics.CodeAnalysis;
using VpcComApi.TestSupport;
using VpcComApi.VirtualMachines.Configuration;

namespace VpcComApi.VirtualMachines.Qemu.Tests;

/// <summary>The small Linux guest that <c>./build.sh guest-image</c> makes, as a machine's configuration names it.</summary>
internal sealed class GuestImage : IReadOnlyValues, IEnumerable<KeyValuePair<string, object>>
{
    /// <summary>QEMU.</summary>
    public static ExternalTool Qemu { get; } = ExternalTool.Program("qemu-system-x86_64", "qemu-system-x86");

    /// <summary>The port of the guest's program that sends back what it receives.</summary>
    public const int EchoPort = 7;

    private readonly Dictionary<string, object> values;

    public GuestImage()
    {
        ToolRequirement.Require(Qemu);
        string folder = Path.Combine(RepositoryPaths.Root, "artifacts", "guest-image");
        values = new Dictionary<string, object>
        {
            ["integration/vpccomapi/qemu/kernel"] = Path.Combine(folder, "kernel"),
            ["integration/vpccomapi/qemu/initial_ram_disk"] = Path.Combine(folder, "initrd"),
            ["integration/vpccomapi/qemu/kernel_arguments"] = "console=tty0 quiet panic=-1 no_timer_check vt.global_cursor_default=0",
        };
        if (!values.Values.OfType<string>().Take(2).All(File.Exists))
        {
            ToolRequirement.Refuse("The guest image is missing. Run ./build.sh guest-image.");
        }
    }

    /// <summary>QEMU's name of the machine's network cards: the guest has a driver for virtio's alone.</summary>
    public string NetworkCard
    {
        init => values["integration/vpccomapi/qemu/network_card"] = value;
    }

    /// <summary>Whether the machine shares memory with the host: <c>on</c> or <c>off</c>.</summary>
    public string SharedMemory
    {
        init => values["integration/vpccomapi/qemu/shared_memory"] = value;
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, object>> GetEnumerator() => values.GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public bool TryGetValue(string key, [NotNullWhen(true)] out object? value) => values.TryGetValue(key, out value);
}
