namespace VpcComApi.VirtualMachines.Channels;

/// <summary>Where .NET's <see cref="System.IO.Pipes.NamedPipeClientStream"/> looks for the Unix socket behind a pipe's name.</summary>
internal static class UnixPipePath
{
    /// <summary>The most bytes that the address of a Unix socket holds (<c>sun_path</c> of Linux, without its closing null).</summary>
    internal const int MaximumBytes = 107;

    /// <summary>The socket's full path for a pipe's bare name.</summary>
    internal static string Of(string name) => Path.Combine(Path.GetTempPath(), "CoreFxPipe_" + name);
}
