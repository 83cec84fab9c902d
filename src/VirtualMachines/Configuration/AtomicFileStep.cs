namespace VpcComApi.VirtualMachines.Configuration;

/// <summary>The steps of <see cref="AtomicFile.Write"/>, in order. A process may die after any of them.</summary>
internal enum AtomicFileStep
{
    /// <summary>The temporary file is there, still empty.</summary>
    TemporaryFileCreated,

    /// <summary>Its content is written, perhaps in the system's cache alone.</summary>
    ContentWritten,

    /// <summary>Its content is on the disk.</summary>
    ContentFlushed,

    /// <summary>It has taken the file's place.</summary>
    FileReplaced,
}
