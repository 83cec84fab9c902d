using System.Diagnostics;
using VpcComApi.TestSupport;

namespace VpcComApi.VirtualDisks.Tests;

/// <summary>qemu-img, which was not written here and reads and writes the same images.</summary>
internal static class QemuImage
{
    /// <summary>The program.</summary>
    public static ExternalTool Tool { get; } = ExternalTool.Program("qemu-img", "qemu-utils");

    /// <summary>What it reads from a fixed or dynamic image.</summary>
    /// <param name="path">The image.</param>
    public static byte[] Read(string path)
    {
        using TestDirectory folder = new();
        string raw = folder.PathOf("content.raw");
        Run("convert", "-f", "vpc", "-O", "raw", path, raw);
        return File.ReadAllBytes(raw);
    }

    /// <summary>Runs it and expects success.</summary>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>What it wrote.</returns>
    public static string Run(params string[] arguments)
    {
        ProcessStartInfo start = new(Tool.Name, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        Assert.That(process.WaitForExit(TimeSpan.FromSeconds(60)), Is.True, "qemu-img hangs");
        Assert.That(process.ExitCode, Is.Zero, errors.Result);
        return output;
    }
}
